"""That the contract says what the C++ sources say: version, error codes, routes."""

import re
from pathlib import Path
from typing import Iterator, Mapping

import yaml

from .document import SOURCE, Document, operations

# No operation of the contract answers with them: an rpc's, a method's that is none, and those that would be faults.
OF_NO_OPERATION = {"forbidden", "method_not_allowed", "internal", "not_implemented"}
# Its files have the paths that the web build gives them.
WEB_PAGE = ("GET", "/")


def violations(document: Document, root: Path) -> Iterator[str]:
    version = re.search(r"project\(tidemark VERSION (\S+)", (root / "CMakeLists.txt").read_text())[1]
    if document["info"]["version"] != version:
        yield f"the contract is of version {document['info']['version']}, the project of {version}"
    table = yaml.safe_load((SOURCE / "problems.yaml").read_text())["codes"]
    yield from code_faults(table, (root / "common/status/error.cc").read_text())
    routes = sorted((root / "gateway/routes").glob("*.cc"))
    yield from route_faults(document, "".join(path.read_text() for path in routes if not path.stem.endswith("_test")))


def code_faults(table: Mapping[str, Mapping[str, object]], source: str) -> Iterator[str]:
    """`source`: the table of common/status/error.cc."""
    rows = re.findall(r'CodeInfo\{Code::k\w+,\s*"(\w+)",\s*(\d+),\s*StatusCode::\w+,\s*"([^"]+)"\}', source)
    known = {name: (int(status), title) for name, status, title in rows if name not in OF_NO_OPERATION}
    described = {name: (row["status"], row["title"]) for name, row in table.items()}
    for name in sorted(known.keys() | described.keys()):
        if known.get(name) != described.get(name):
            yield f"{name} is {known.get(name)} in error.cc and {described.get(name)} in problems.yaml"


def route_faults(document: Document, source: str) -> Iterator[str]:
    """`source`: the files of gateway/routes."""
    served = set(re.findall(r'router\.Add\(\s*"([A-Z]+)",\s*"(/[^"]*)"', source))
    served |= {("GET", path) for path in re.findall(r'files\.Add\("(/[^"]*)"', source)} | {WEB_PAGE}
    described = {(method.upper(), path) for method, path, _ in operations(document)} | {WEB_PAGE}
    for method, path in sorted(served ^ described):
        one, other = ("served", "described") if (method, path) in served else ("described", "served")
        yield f"{method} {path} is {one} and not {other}"
