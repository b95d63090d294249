"""Rules that the text of a file keeps, whatever it says."""

import re
from dataclasses import dataclass
from typing import Iterator, Pattern, Sequence

LINES_MAX = 450
CODE = (".cc", ".h", ".ts", ".tsx", ".py", ".sh", ".sql", ".proto")
# Tests beside a real store may poll it with a deadline; nothing else waits for time to pass.
PURE_TESTS = re.compile(r"_(test\.cc|contract\.h)$")


@dataclass(frozen=True)
class Forbidden:
    what: str
    pattern: Pattern[str]
    # Which files it is about.
    where: Pattern[str]


# Written so that no pattern here matches its own line.
FORBIDDEN = (
    Forbidden("a mark for later: do it now or file it", re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b"),
              re.compile(r"\.(cc|h|ts|tsx|py|proto|sql|sh)$")),
    Forbidden("a path of one machine", re.compile(r"(?<![\w.}])/(wo" r"rk|fa" r"rm|home/\w+|Users)/"), re.compile("")),
    Forbidden("the address of a package registry", re.compile(r'"resolved": *"https?:'), re.compile(r"\.json$")),
    Forbidden("a switched-off test", re.compile(r"GTEST_" r"SKIP|\bDIS" r"ABLED_"), re.compile(r"\.(cc|h)$")),
    Forbidden("a sleep in a test: inject a clock", re.compile(r"sleep_" r"for|Sleep" r"For\(|\busl" r"eep\("), PURE_TESTS),
)


def violations(path: str, lines: Sequence[str]) -> Iterator[str]:
    if path.endswith(".h") and "#pragma once" not in lines:
        yield f"{path}:1: a header without #pragma once"
    if path.endswith(CODE) and len(lines) > LINES_MAX:
        yield f"{path}: {len(lines)} lines, more than {LINES_MAX}: is it two files?"
    for rule in FORBIDDEN:
        if rule.where.search(path):
            for number, line in enumerate(lines, start=1):
                if rule.pattern.search(line):
                    yield f"{path}:{number}: {rule.what}"
