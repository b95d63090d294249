"""bench/slowloris: what normal requests notice of clients that send half a request and wait."""

import argparse
import asyncio
import statistics
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from report import generators, processes
from report.bench_stack import BenchStack
from report.samples import Outcome
from report.tables import number, table
from report.work import Asking

from . import command
from .growth import MB
from .half_open import HalfOpen

USERS, TASKS = 500, 20
CONNECTIONS = 16
# A rate that is far from what two cores can do: latency is to tell of those who are in the way, not of a queue.
RATE = 100
# What a connection that waits may cost.
BYTES_PER_CLIENT_MAX = 16 * 1024
MANY_TIMES = 1.5
NOISE_MS = 0.5


@dataclass
class Side:
    outcomes: list[Outcome] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def latency(self, quantile: str) -> float:
        return statistics.median(outcome.latency[quantile] for outcome in self.outcomes)

    @property
    def errors(self) -> int:
        return sum(outcome.errors for outcome in self.outcomes)

    def cells(self, name: str) -> list[str]:
        return [name, *(number(self.latency(quantile)) for quantile in ("p50", "p90", "p99")), str(self.errors),
                f"{statistics.median(self.memory) / MB:.1f}"]


def measure(binaries: Path, options: argparse.Namespace) -> tuple[str, bool]:
    with BenchStack(binaries, command.say) as stack:
        asking = Asking(stack, stack.seed("many", USERS, TASKS), options.seconds)
        without, beside = Side(), Side()
        half_open = HalfOpen(*command.host_and_port(stack), options.clients)
        # What a first request costs each process.
        _ask(stack, asking, Side())
        for number_of_round in range(options.rounds):
            command.say(f"Round {number_of_round + 1} of {options.rounds}")
            _ask(stack, asking, without)
            asyncio.run(_ask_beside(half_open, stack, asking, beside))
    return _text(options, without, beside, half_open.statuses), _holds(options, without, beside, half_open.statuses)


def _ask(stack: BenchStack, asking: Asking, side: Side) -> None:
    argv = asking.command("check", "--rate", RATE, connections=CONNECTIONS)
    side.outcomes.append(generators.from_load(generators.run(argv)))
    side.memory.append(processes.pss(stack.pids["gateway"]))


async def _ask_beside(half_open: HalfOpen, stack: BenchStack, asking: Asking, side: Side) -> None:
    async with half_open.held():
        await asyncio.to_thread(_ask, stack, asking, side)


def _holds(options: argparse.Namespace, without: Side, beside: Side, statuses: Counter[str]) -> bool:
    grown = max(beside.memory) - max(without.memory)
    return (without.errors == beside.errors == 0 and set(statuses) <= {"408"}
            and all(beside.latency(quantile) <= MANY_TIMES * without.latency(quantile) + NOISE_MS
                    for quantile in ("p50", "p99"))
            and grown <= options.clients * BYTES_PER_CLIENT_MAX)


def _text(options: argparse.Namespace, without: Side, beside: Side, statuses: Counter[str]) -> str:
    rows = [without.cells("alone"), beside.cells(f"beside {options.clients} half requests")]
    told = ", ".join(f"{count:,} × {status}" for status, count in statuses.items()) or "none yet"
    verdict = "holds" if _holds(options, without, beside, statuses) else "**does not hold**"
    return "\n".join([
        f"{command.when()}; checks at {RATE:,} a second over {CONNECTIONS} connections; median of {options.rounds} "
        f"rounds of {options.seconds} s in turn; latencies in ms, memory in MB.", "",
        table(("checks", "p50", "p90", "p99", "errors", "PSS of the gateway"), rows),
        f"What the half requests were answered meanwhile: {told}. Verdict: {verdict}.", ""])


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench/slowloris", description="Latency of checks and memory of the gateway without and with clients that "
        "send half a request and wait. Exits with 2 if they are in the way.")
    parser.add_argument("--clients", type=int, default=500, help="who wait (default 500)")
    parser.add_argument("--seconds", type=int, default=20, help="of each part (default 20)")
    parser.add_argument("--rounds", type=int, default=3, help="(default 3)")
    return command.run("slowloris", parser, measure)


if __name__ == "__main__":
    sys.exit(main())
