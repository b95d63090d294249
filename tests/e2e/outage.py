"""Takes one process of a stack away, and gives it back: it hangs, or it is dead and its port closed."""

import contextlib
import os
import signal
from pathlib import Path
from typing import Iterator

from stack import Stack, eventually


@contextlib.contextmanager
def hangs(stack: Stack, process: str) -> Iterator[None]:
    """It is there, holds its port and its connections, and answers nobody."""
    pid = stack.pid(process)
    # A PostgreSQL that hangs is one whose backends do.
    stopped = [pid, *_children(pid)]
    _signal(stopped, signal.SIGSTOP)
    try:
        yield
    finally:
        _signal(stopped, signal.SIGCONT)


@contextlib.contextmanager
def is_dead(stack: Stack, process: str) -> Iterator[None]:
    """Killed, and not started again for as long as this lasts."""
    supervisor = int((stack.data / "lock").read_text())
    pid = stack.pid(process)
    os.kill(supervisor, signal.SIGSTOP)
    try:
        os.kill(pid, signal.SIGKILL)
        yield
    finally:
        os.kill(supervisor, signal.SIGCONT)
    eventually(f"another {process}", lambda: stack.pid(process) != pid)


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def _children(parent: int) -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir()
            if entry.name.isdigit() and _parent(entry) == parent]


def _parent(entry: Path) -> int | None:
    try:
        return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return None  # it has just ended
