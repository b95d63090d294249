"""Which processes a running stack consists of."""

from pathlib import Path
from typing import Iterator, Sequence


class Failed(Exception):
    """Its text is for the person at the terminal."""


def of(env: Path, names: Sequence[str]) -> dict[int, str]:
    """The pids of the named processes, their children included (PostgreSQL's are many), by the file `env` of ./run."""
    values = dict(line.split("=", 1) for line in env.read_text().splitlines())
    try:
        pids = {name: int(values[f"TIDEMARK_{name.upper()}_PID"]) for name in names}
    except KeyError as missing:
        raise Failed(f"{env} has no {missing.args[0]}") from None
    return {pid: name for name, first in pids.items() for pid in with_descendants(first)}


def with_descendants(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in children.read_text().split():
            yield from with_descendants(int(child))
