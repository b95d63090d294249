"""A whole run: a stack, its seeding, the rounds, what is measured alone, and the text of it all."""

import datetime
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from . import goals, million, plan, single, tables
from .bench_stack import BenchStack
from .floor_servers import FloorServers
from .goals import Findings
from .rounds import measure
from .work import Asking, Seeds, sized_users

Say = Callable[[str], None]


@dataclass(frozen=True)
class Extent:
    """How much is measured."""
    users: int
    tasks: int
    # Who has 100,000 tasks.
    large_users: int
    seconds: int
    rounds: int
    # Numbers of users beside each other, for --million.
    steps: tuple[int, ...]


WHOLE = Extent(users=30_000, tasks=100, large_users=16, seconds=5, rounds=3, steps=million.STEPS)
QUICK = Extent(users=2_000, tasks=50, large_users=4, seconds=1, rounds=2, steps=(1_000, 40_000))


def beside_floors(binaries: Path, extent: Extent, say: Say) -> str:
    with BenchStack(binaries, say) as stack, FloorServers(binaries, stack.folder) as servers:
        found = Findings(idle_memory=single.idle_memory(stack), start_times=single.start_times(stack))
        seeds = _seed(stack, extent)
        asking = Asking(stack, seeds.many, extent.seconds)
        found.memory_under_check = single.memory_under(stack, asking.command("check"))
        # What each process does at a user's first request, and never again.
        single.herd(asking)
        measurements = plan.of_a_round(stack, seeds, servers, extent.seconds)
        found.series = measure(measurements, extent.rounds, say)
        _measure_alone(found, asking, seeds, extent.rounds, say)
    return _text(found, {each.name for each in measurements if each.is_floor}, extent)


def with_a_million(binaries: Path, extent: Extent, say: Say) -> str:
    steps, sizes = million.climb(lambda: BenchStack(binaries, say), extent.steps, extent.seconds, extent.rounds, say)
    few = next((step for step in steps if step.users == million.FEW), steps[0])
    many = steps[-1]
    return "\n".join([f"{_when()}; {million.TASKS} tasks each; {extent.rounds} rounds of {extent.seconds} s.", "",
                      million.of_ratios(few, many), million.of_steps(steps),
                      f"Relations above 1 MB with {many.users:,} users:", "", sizes])


def _seed(stack: BenchStack, extent: Extent) -> Seeds:
    others = max(100, extent.users // 10)
    seeds = Seeds(many=stack.seed("many", extent.users, extent.tasks),
                  floors=stack.seed("floors", others, extent.tasks),
                  pushers=stack.seed("pushers", others, extent.tasks),
                  sized={tasks: stack.seed(f"with-{tasks}", users, tasks)
                         for tasks, users in sized_users(extent.large_users).items()})
    stack.sql("checkpoint")
    return seeds


def _measure_alone(found: Findings, asking: Asking, seeds: Seeds, rounds: int, say: Say) -> None:
    """What needs the others' results, or everything for itself."""
    half = int(found.series["check"].rate() / 2)
    open_loop = asking.measured(f"check, open loop at {half:,}/s", "check", "--rate", half)
    found.series |= measure([open_loop], rounds, say)
    say("Herds, checks beside pushes, first pulls side by side")
    found.herds = [single.herd(asking) for _ in range(rounds)]
    pushing = Asking(asking.stack, seeds.pushers, 10 * asking.seconds + 30)
    pushes = pushing.command("push", "--changes", 1, connections=32)
    for _ in range(rounds):
        found.checks_idle.append(asking("check"))
        found.checks_beside_pushes.append(single.beside(pushes, lambda: asking("check", "--warmup", 1)))
    found.pull_growth = single.growth_under_pulls(asking.stack, seeds, 10_000)


def _text(found: Findings, floors: set[str], extent: Extent) -> str:
    heading = (f"{_when()}; {extent.users:,} users × {extent.tasks} tasks; median of {extent.rounds} rounds of "
               f"{extent.seconds} s, everything in turn. CPU is processor time per request; a spread is how far the "
               "rounds' CPU lie apart.")
    work = {name: each for name, each in found.series.items() if name not in floors}
    bare = {name: each for name, each in found.series.items() if name in floors}
    return "\n".join([heading, "", tables.table(goals.HEADINGS, [row.cells() for row in goals.rows(found)]),
                      "Work: latencies and CPU in ms, the CPU of each process beside that of all.", "",
                      tables.of_work(work), "Floors: latencies and CPU in ms.", "", tables.of_floors(bare)])


def _when() -> str:
    return f"{datetime.date.today().isoformat()}, on {os.cpu_count()} cores"
