"""The table of requirements names, for each demand of the SPEC, tests that are there.

A row of docs/requirements.md is a demand and, in its last cell, what holds it:

    | equal values change nothing | `merge_test.cc` FastForward/OfEqualValuesChangesNothing · `push_test.cc` Push.… |

A file is known by its name alone; what follows it up to the next file are names in it, parted by " · ".
"""

import re
from typing import Iterator, Mapping, Sequence

DOCUMENT = "docs/requirements.md"
SECTIONS = ("2", "3.1", "3.2", "3.3", "3.5", "3.6", "4", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "5.7", "5.8", "6.1",
            "6.2", "6.3", "7", "8", "9")


def violations(lines: Sequence[str], texts: Mapping[str, str]) -> Iterator[str]:
    """`texts`: what each of our files says, by its path."""
    paths: dict[str, list[str]] = {}
    for path in texts:
        paths.setdefault(path.rsplit("/", 1)[-1], []).append(path)
    missing = set(SECTIONS)
    section = ""
    for number, line in enumerate(lines, start=1):
        if heading := re.match(r"## ([\d.]+) ", line):
            section = heading[1]
        elif _is_row(line):
            missing.discard(section)
            for fault in _faults(line.rstrip("| ").rsplit(" | ", 1)[-1], paths, texts):
                yield f"{DOCUMENT}:{number}: {fault}"
    for section in sorted(missing):
        yield f"{DOCUMENT}: no row about SPEC {section}"


def _is_row(line: str) -> bool:
    return line.startswith("| ") and not line.startswith("| Demand |")


def _faults(cell: str, paths: Mapping[str, Sequence[str]], texts: Mapping[str, str]) -> Iterator[str]:
    found: Sequence[str] = ()
    file = ""
    for piece in cell.split(" · "):
        opening = re.match(r"`([^`]+)` ", piece)
        if opening:
            file = opening[1]
            found = paths.get(file, ())
            if len(found) != 1:
                yield f"{len(found) or 'no'} file{'s' if found else ''} named {file}"
        elif not file:
            yield f"names no test: {piece}"
        name = piece[opening.end():] if opening else piece
        if len(found) == 1 and not is_in(name, texts[found[0]]):
            yield f"no {name} in {found[0]}"


def is_in(name: str, text: str) -> bool:
    """A test `Suite.Name`, a case `Table/Name`, a `test_…` of Python; \"…\": a test of the web page, a law or a scenario."""
    if quoted := re.fullmatch(r'"(.+)"', name):
        title = re.escape(quoted[1])
        return re.search(rf"(\btest\(['\"]|\bBreak\(\"|\"name\": \"){title}['\"]", text) is not None
    if name.startswith("test_"):
        return re.search(rf"def {re.escape(name)}\(", text) is not None
    if test := re.fullmatch(r"(\w+)\.(\w+)", name):
        return re.search(rf"\b(TYPED_)?TEST(_F|_P)?\({test[1]}, {test[2]}\)", text) is not None
    if case := re.fullmatch(r"(\w+)/(\w+)", name):
        is_made = re.search(rf"\bINSTANTIATE_TEST_SUITE_P\({case[1]},", text)
        return is_made is not None and re.search(rf'\{{(\.name = )?"{case[2]}"', text) is not None
    return False
