"""How evenly replicas share work, by what each says that it has answered."""

import re
from typing import Mapping, Sequence

ANSWERED = re.compile(r"^tidemark_rpc_total\{[^}]*\} (\d+)$", re.MULTILINE)
# Calls that last as long as the connection: one is not work as another is.
LASTING = re.compile(r'^tidemark_rpc_total\{[^}]*method="[^"]*(Watch|Carry|Reflection|Health)[^"]*"[^}]*\} \d+\n?', re.MULTILINE)


def answered(metrics: str) -> int:
    """Calls so far, from the text of /metrics."""
    return sum(map(int, ANSWERED.findall(LASTING.sub("", metrics))))


def shares(before: Mapping[str, int], after: Mapping[str, int]) -> list[int]:
    """What each replica answered meanwhile; it was there all the time."""
    return [after[replica] - before[replica] for replica in before]


def spread(answers: Sequence[int]) -> float:
    """The busiest against the idlest."""
    return max(answers) / min(answers) if min(answers) else float("inf")
