"""bench/soak: hours of work in little, to see whether a process grows."""

import argparse
import asyncio
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Mapping

from report.bench_stack import PROCESSES, SERVICES, BenchStack
from report.generators import Failed
from report.samples import Outcome
from report.tables import number, table

from . import command, growth, work
from .faults import Faults
from .growth import Growth, Look
from .progress import Progress
from .streams import Streams

WARM_SECONDS = 120
# Of the warm-up: until what was freed has gone back.
COOL_SECONDS = 20
LOOK_EVERY_SECONDS = 1.0
STREAMS = 100
FAULTY_SHARE = 0.01


def measure(binaries: Path, options: argparse.Namespace) -> tuple[str, bool]:
    with BenchStack(binaries, command.say) as stack:
        seeds, warm_seeds, burst_seeds = work.seed(stack), work.seed(stack, "-warm-up"), work.seed(stack, "-burst")
        watching = stack.seed("streams", STREAMS, 5)
        host, port = command.host_and_port(stack)
        streams = Streams(host, port, command.tokens(watching))
        faults = Faults(host, port, command.tokens(watching)[0], FAULTY_SHARE * work.REQUESTS_PER_SECOND)
        with work.Working.on(stack, burst_seeds, work.BURST_SECONDS, command.say, work.WARM_UP_TIMES,
                             as_fast_as_can_be=True) as burst:
            burst.outcomes()
        command.say(f"Working for {options.seconds} s…")
        harder = max(1, options.warm_up - COOL_SECONDS)
        with (work.Working.on(stack, warm_seeds, harder, command.say, work.WARM_UP_TIMES),
              work.Working.on(stack, seeds, options.seconds, command.say) as working):
            growths = _watched(stack, options, streams, faults)
            outcomes = working.outcomes()
    unexpected = streams.unexpected() | faults.unexpected()
    holds = (all(growths[name].holds for name in SERVICES) and not unexpected
             and all(outcome is not None and outcome.errors == 0 for outcome in outcomes.values()))
    return _text(options, growths, outcomes, streams.seen + faults.seen, unexpected), holds


def _watched(stack: BenchStack, options: argparse.Namespace, streams: Streams, faults: Faults) -> dict[str, Growth]:
    try:
        return asyncio.run(_watch(stack, options, streams, faults))
    except ExceptionGroup as several:
        raise several.exceptions[0] from several


async def _watch(stack: BenchStack, options: argparse.Namespace, streams: Streams, faults: Faults) -> dict[str, Growth]:
    growths = {name: Growth() for name in PROCESSES}
    async with asyncio.TaskGroup() as group:
        group.create_task(streams.run(options.seconds))
        group.create_task(faults.run(options.seconds))
        await _look(stack, options, growths)
    return growths


async def _look(stack: BenchStack, options: argparse.Namespace, growths: Mapping[str, Growth]) -> None:
    progress = Progress(options.seconds)
    began = time.monotonic()
    while (at := time.monotonic() - began) < options.seconds:
        looks = {name: _look_at(name, stack.pids[name], at) for name in growths}
        if at >= options.warm_up:
            for name, each in looks.items():
                growths[name].looks.append(each)
        progress.tell(at, "  ".join(f"{name} {looks[name].pss / growth.MB:.1f} MB" for name in SERVICES))
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    progress.end()


def _look_at(name: str, pid: int, at: float) -> Look:
    try:
        return growth.look(pid, at)
    except FileNotFoundError:
        raise Failed(f"{name} has ended, after {at:.0f} s") from None


def _text(options: argparse.Namespace, growths: Mapping[str, Growth], outcomes: Mapping[str, Outcome | None],
          seen: Counter[str], unexpected: Mapping[str, int]) -> str:
    asked = [_cells(name, each) for name, each in outcomes.items()]
    lines = [f"{command.when()}; {options.seconds} s, of which the first {options.warm_up} do not count; memory "
             "in MB. At rest: the least anonymous memory of each minute, and the slope of its least squares.", "",
             growth.text_of(growths, SERVICES),
             table(("work", "requests/s", "p50 ms", "p99 ms", "errors"), asked),
             f"Beside it {STREAMS} streams, one of which is replaced each second, and faulty clients: "
             + ", ".join(f"{what} {count}" for what, count in sorted(seen.items())) + "."]
    if unexpected:
        lines.append(f"\n**Not expected**: {dict(unexpected)}.")
    return "\n".join(lines) + "\n"


def _cells(name: str, outcome: Outcome | None) -> list[str]:
    if outcome is None:
        return [name, "", "", "", "**late**"]
    return [name, number(outcome.rate), *(number(outcome.latency[quantile]) for quantile in ("p50", "p99")),
            str(outcome.errors)]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="bench/soak", description="Mixed work and faulty clients for some minutes; tells which process grows. "
        "Exits with 2 if one does, or if a request was not answered as it should be.")
    parser.add_argument("--seconds", type=int, default=600, help="how long (default 600)")
    parser.add_argument("--warm-up", type=int, default=WARM_SECONDS, metavar="SECONDS",
                        help=f"whose growth does not count (default {WARM_SECONDS})")
    return command.run("soak", parser, measure)


if __name__ == "__main__":
    sys.exit(main())
