"""What people ask for all the while: programs that keep a steady rate, on users of their own."""

import contextlib
import subprocess
from dataclasses import dataclass
from typing import Callable, Iterator

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


# A tenth of what two cores can do or less, also where other programs have their part of them; and users whom each
# process has all met within the first minute.
KINDS = (Kind("check", 75, 300, 20, 8), Kind("stale-check", 15, 100, 20, 4), Kind("sync", 20, 200, 50, 8),
         Kind("push", 3, 50, 50, 4, ("--changes", 20)), Kind("first-pull", 3, 50, 500, 3), Kind("login", 1, 50, 1, 3))
LATE_SECONDS_MAX = 60
# While it warms up, more is asked at the same time than ever after: what a process holds for its worst moment is then
# there, and what comes later is growth.
WARM_UP_TIMES = 4
# Before that, as much as can be: pools of threads and connections open one more only when all are busy at once, which
# at a steady rate happens late.
BURST_SECONDS = 5
REQUESTS_PER_SECOND = sum(kind.rate for kind in KINDS)


def seed(stack: BenchStack, purpose: str = "") -> dict[Kind, Seed]:
    """For each program its own: two that send under one device's name would pass for a device that was cloned."""
    return {kind: stack.seed(kind.work + purpose, kind.users, kind.tasks) for kind in KINDS}


class Working:
    """What is asked while the `with` around it lasts."""

    def __init__(self, stack: BenchStack, seeds: dict[Kind, Seed], seconds: int, say: Callable[[str], None],
                 times: int = 1, as_fast_as_can_be: bool = False):
        self._say = say
        self._processes = {
            kind.work: subprocess.Popen(
                Asking(stack, seed, seconds).command(
                    kind.work, "--rate", 0 if as_fast_as_can_be else times * kind.rate, *kind.options,
                    connections=times * kind.connections),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
            for kind, seed in seeds.items()}

    @classmethod
    @contextlib.contextmanager
    def on(cls, stack: BenchStack, seeds: dict[Kind, Seed], seconds: int, say: Callable[[str], None],
           times: int = 1, as_fast_as_can_be: bool = False) -> Iterator["Working"]:
        working = cls(stack, seeds, seconds, say, times, as_fast_as_can_be)
        try:
            yield working
        finally:
            for process in working._processes.values():
                process.kill()
                process.wait()

    def outcomes(self) -> dict[str, Outcome | None]:
        """When all have ended. What is late is still sent: None for work that is very late, on a machine too slow."""
        found = {}
        for work, process in self._processes.items():
            try:
                printed, complaint = process.communicate(timeout=LATE_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                found[work] = None
                continue
            if process.returncode != 0:
                raise Failed(f"tidemark-load {work} exited with {process.returncode}:\n{complaint[-2000:]}")
            found[work] = generators.from_load(printed)
            if found[work].errors:
                self._say(f"{work}: {complaint[-500:]}")
        return found
