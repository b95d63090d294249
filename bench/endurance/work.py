"""What people ask for all the while: programs that keep a steady rate, on users of their own."""

import contextlib
import subprocess
from dataclasses import dataclass
from typing import Iterator

from report import generators
from report.bench_stack import BenchStack, Seed
from report.generators import Failed
from report.samples import Outcome
from report.work import Asking


@dataclass(frozen=True)
class Kind:
    """So many a second, by users who have so many tasks."""
    work: str
    rate: int
    users: int
    tasks: int
    connections: int
    options: tuple[str | int, ...] = ()


# A fifth of what two cores can do or less, and users whom each process has all met within the first minute.
KINDS = (Kind("check", 150, 300, 20, 8), Kind("stale-check", 30, 100, 20, 4), Kind("sync", 40, 200, 50, 8),
         Kind("push", 5, 50, 50, 4, ("--changes", 20)), Kind("first-pull", 5, 50, 500, 2), Kind("login", 1, 50, 1, 4))
LATE_SECONDS_MAX = 60
REQUESTS_PER_SECOND = sum(kind.rate for kind in KINDS)


def seed(stack: BenchStack) -> dict[Kind, Seed]:
    return {kind: stack.seed(kind.work, kind.users, kind.tasks) for kind in KINDS}


class Working:
    """What is asked while the `with` around it lasts."""

    def __init__(self, stack: BenchStack, seeds: dict[Kind, Seed], seconds: int):
        self._processes = {
            kind.work: subprocess.Popen(
                Asking(stack, seed, seconds).command(kind.work, "--rate", kind.rate, *kind.options,
                                                     connections=kind.connections),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
            for kind, seed in seeds.items()}

    @classmethod
    @contextlib.contextmanager
    def on(cls, stack: BenchStack, seeds: dict[Kind, Seed], seconds: int) -> Iterator["Working"]:
        working = cls(stack, seeds, seconds)
        try:
            yield working
        finally:
            for process in working._processes.values():
                process.kill()
                process.wait()

    def outcomes(self) -> dict[str, Outcome]:
        """When all have ended: what is late is still sent."""
        found = {}
        for work, process in self._processes.items():
            try:
                printed, complaint = process.communicate(timeout=LATE_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                raise Failed(f"this machine does not keep up with the rate of {work}") from None
            if process.returncode != 0:
                raise Failed(f"tidemark-load {work} exited with {process.returncode}:\n{complaint[-2000:]}")
            found[work] = generators.from_load(printed)
        return found
