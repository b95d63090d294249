"""One OpenAPI document of the files in gateway/openapi/.

openapi.yaml is its frame. Each file of paths/ holds paths; of components/, headers.yaml and parameters.yaml hold what
their names say, all others schemas. What every answer has (X-Request-Id, the errors of HTTP itself) is added here.
"""

from pathlib import Path
from typing import Any, Iterator

import yaml

from . import problems

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "gateway" / "openapi"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
Document = dict[str, Any]
KINDS = {"headers.yaml": "headers", "parameters.yaml": "parameters"}


def load(folder: Path = SOURCE) -> Document:
    document = _read(folder / "openapi.yaml")
    document["paths"] = {}
    for path in sorted((folder / "paths").glob("*.yaml")):
        _add(document["paths"], _read(path), path)
    for path in sorted((folder / "components").glob("*.yaml")):
        kind = KINDS.get(path.name, "schemas")
        _add(document["components"].setdefault(kind, {}), _read(path), path)
    for _, _, operation in operations(document):
        for response in operation["responses"].values():
            # A dictionary of its own: YAML's aliases share theirs.
            response["headers"] = {**response.get("headers", {}), **problems.REQUEST_ID}
    problems.expand(document, _read(folder / "problems.yaml"))
    return document


def operations(document: Document) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method, path, item[method]


def resolve(document: Document, value: dict[str, Any]) -> dict[str, Any]:
    """What `value` refers to, or itself. KeyError: nothing."""
    while "$ref" in value:
        target = document
        for name in value["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        value = target
    return value


def examples_of(document: Document, holder: dict[str, Any]) -> dict[str, Any]:
    """Of a body, header or parameter, by name; else its schema's."""
    if "examples" in holder:
        return {name: example["value"] for name, example in holder["examples"].items()}
    for described in (holder, resolve(document, holder["schema"])):
        if "example" in described:
            return {"example": described["example"]}
    return {}


def _read(path: Path) -> dict[str, Any]:
    return yaml.safe_load(path.read_text())


def _add(whole: dict[str, Any], part: dict[str, Any], path: Path) -> None:
    for name, value in part.items():
        if name in whole:
            raise ValueError(f"{path}: {name} is described twice")
        whole[name] = value
