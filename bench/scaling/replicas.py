"""bench/replicas: how evenly three replicas of each service share work while some go and others come."""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable

from endurance import command
from report import generators
from report.bench_stack import BenchStack
from report.samples import Outcome
from report.tables import number, table
from report.work import Asking

from .fleet import SERVICES, Fleet
from .spread import answered, shares, spread

REPLICAS = 3
USERS, TASKS = 200, 20
# Far from what two cores can do: a queue is not to tell how work is shared. Each has users and connections of its own.
RATES = {"check": 200, "sync": 40, "login": 5}
CONNECTIONS = 16
SPREAD_MAX = 1.3
# How long a replica has been there before its share counts.
SETTLE_SECONDS = 30


class Load:
    """Asks for so many seconds, from now on."""

    def __init__(self, stack: BenchStack, url: str, seconds: int):
        self._running: dict[str, subprocess.Popen[str]] = {}
        for work, rate in RATES.items():
            asking = Asking(stack, stack.seed(work, USERS, TASKS), seconds)
            # The fleet's gateway in place of the stack's: what is said last holds.
            argv = asking.command(work, "--rate", rate, "--url", url, connections=CONNECTIONS)
            self._running[work] = subprocess.Popen(argv, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                                   stderr=subprocess.PIPE)

    def outcomes(self) -> dict[str, Outcome]:
        """When it has ended."""
        told = {}
        for work, process in self._running.items():
            out, err = process.communicate()
            if process.returncode != 0:
                raise generators.Failed(f"tidemark-load {work} exited with {process.returncode}:\n{err[-2000:]}")
            told[work] = generators.from_load(out)
        return told

    def kill(self) -> None:
        for process in self._running.values():
            process.kill()


class Shares:
    """What each replica answered, phase by phase."""

    def __init__(self, fleet: Fleet, seconds: int):
        self._fleet, self._seconds = fleet, seconds
        self.rows: list[list[str]] = []
        self.worst = 1.0

    def measure(self, phase: str) -> None:
        """After a while for all to find each other."""
        command.say(f"{phase}…")
        time.sleep(SETTLE_SECONDS)
        before = self._answered()
        time.sleep(self._seconds)
        after = self._answered()
        for name in SERVICES:
            found = shares(before[name], after[name])
            self.rows.append([phase, name, " · ".join(f"{each:,}" for each in found),
                              f"{spread(found):.2f}" if min(found) else "one has none"])
            self.worst = max(self.worst, spread(found))

    def _answered(self) -> dict[str, dict[str, int]]:
        return {name: {replica.address: answered(replica.metrics()) for replica in self._fleet.of[name] if replica.runs}
                for name in SERVICES}


def measure(binaries: Path, options: argparse.Namespace) -> tuple[str, bool]:
    with BenchStack(binaries, command.say) as stack, Fleet(stack, REPLICAS) as fleet:
        measured = Shares(fleet, options.seconds)
        phases: list[tuple[str, Callable[[], None]]] = [
            ("three of each", lambda: None),
            ("one of each removed", lambda: [fleet.of[name][0].end() for name in SERVICES]),
            ("added again", lambda: [fleet.of[name][0].start() for name in SERVICES])]
        # As long as all of it, and what removing and adding takes.
        load = Load(stack, fleet.url, len(phases) * (SETTLE_SECONDS + options.seconds) + options.seconds)
        try:
            for phase, change in phases:
                change()
                measured.measure(phase)
            outcomes = load.outcomes()
        finally:
            load.kill()
    errors = sum(outcome.errors for outcome in outcomes.values())
    holds = errors == 0 and measured.worst <= SPREAD_MAX
    return _text(options, measured, outcomes, holds), holds


def _text(options: argparse.Namespace, measured: Shares, outcomes: dict[str, Outcome], holds: bool) -> str:
    asked = [[work, str(RATES[work]), f"{outcome.requests:,}", str(outcome.errors),
              *(number(outcome.latency[quantile]) for quantile in ("p50", "p99"))] for work, outcome in outcomes.items()]
    return "\n".join([
        f"{command.when()}; {options.seconds} s a phase, which begin {SETTLE_SECONDS} s after the change; calls answered by each "
        "replica; latencies in ms.", "",
        table(("phase", "service", "calls of each replica", "busiest / idlest"), measured.rows),
        table(("work", "asked a second", "requests", "failed", "p50", "p99"), asked),
        f"Failed requests must be 0, the spread at most {SPREAD_MAX}. Verdict: {'holds' if holds else '**does not hold**'}.", ""])


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench/replicas", description="How evenly three replicas of each service behind one gateway share work, while one "
        "of each is removed and added again under load. Exits with 2 if a request fails or the spread is too wide.")
    parser.add_argument("--seconds", type=int, default=30, help="of each phase (default 30)")
    return command.run("replicas", parser, measure)


if __name__ == "__main__":
    sys.exit(main())
