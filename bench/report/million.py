"""How check and sync grow with the number of users, and what the tables and indexes take."""

import contextlib
from dataclasses import dataclass
from typing import Callable, Mapping, Sequence

from .bench_stack import BenchStack
from .processes import MB
from .rounds import Measurement, measure
from .samples import Series
from .tables import number, table
from .work import Asking

TASKS = 10
STEPS = (10_000, 30_000, 100_000, 1_000_000)
FEW = 30_000
MUST = 1.3

SIZES = """
    select relname, relkind, pg_relation_size(oid), reltuples::bigint from pg_class
     where relnamespace = 'sync'::regnamespace and relkind in ('r', 'i') and pg_relation_size(oid) > 1048576
     order by relkind desc, pg_relation_size(oid) desc;
    """


@dataclass(frozen=True)
class Pair:
    check: Series
    sync: Series

    def errors(self) -> int:
        return self.check.errors() + self.sync.errors()


@dataclass(frozen=True)
class Step:
    users: int
    # While no more than FEW of them ask: all their tokens have been verified before.
    active: Pair
    # While all ask in turn, where they are more than FEW: nearly each request brings a token not seen lately.
    everyone: Pair | None
    database_bytes: int
    redis_bytes: int


def climb(new_stack: Callable[[], BenchStack], steps: Sequence[int], seconds: int, rounds: int,
          say: Callable[[str], None]) -> tuple[list[Step], str]:
    """A stack for each number of users, all at once, so that they are measured in turn. The sizes are the last's."""
    with contextlib.ExitStack() as running:
        stacks = {users: running.enter_context(new_stack()) for users in steps}
        asking = {users: Asking(stack, stack.seed("many", users, TASKS), seconds) for users, stack in stacks.items()}
        for users, stack in stacks.items():
            stack.sql("checkpoint")
            asking[users]("herd", "--prefix", min(FEW, users), length=())
        active = _pairs({users: (asking[users], min(FEW, users)) for users in steps}, rounds, say)
        everyone = _pairs({users: (asking[users], users) for users in steps if users > FEW}, rounds, say)
        return [Step(users, active[users], everyone.get(users), stack.database_bytes(), stack.redis_bytes())
                for users, stack in stacks.items()], of_sizes(stacks[steps[-1]].sql(SIZES))


def _pairs(asking: Mapping[int, tuple[Asking, int]], rounds: int, say: Callable[[str], None]) -> dict[int, Pair]:
    plan: list[Measurement] = []
    for users, (ask, active) in asking.items():
        told = f"{active:,} of {users:,} users"
        plan += [ask.measured(f"check, {told}", "check", "--prefix", active),
                 ask.measured(f"push + pull, {told}", "sync", "--prefix", active, connections=32)]
    found = list(measure(plan, rounds, say).values())
    return {users: Pair(*found[2 * i:2 * i + 2]) for i, users in enumerate(asking)}


def of_sizes(rows: str) -> str:
    kinds = {"r": "table", "i": "index"}
    cells = [line.split("|") for line in rows.strip().splitlines()]
    return table(("relation", "kind", "MB", "rows"), [
        [name, kinds[kind], f"{int(size) / MB:,.0f}", f"{int(tuples):,}"] for name, kind, size, tuples in cells])


def of_steps(steps: Sequence[Step]) -> str:
    return table(("users", "who ask", "check CPU, ms", "check/s", "push + pull CPU, ms", "push + pull/s", "spreads",
                  "errors", "database, MB", "Redis, MB"),
                 [_row(step, pair, who_ask) for step in steps
                  for pair, who_ask in ((step.active, min(FEW, step.users)), (step.everyone, step.users)) if pair])


def _row(step: Step, pair: Pair, who_ask: int) -> list[str]:
    return [f"{step.users:,}", f"{who_ask:,}", number(pair.check.cpu_ms()), number(pair.check.rate()),
            number(pair.sync.cpu_ms()), number(pair.sync.rate()),
            f"{pair.check.spread():.0%}, {pair.sync.spread():.0%}", str(pair.errors()),
            f"{step.database_bytes / MB:,.0f}", f"{step.redis_bytes / MB:,.0f}"]


def of_ratios(few: Step, many: Step) -> str:
    """The same work with many users against few, by processor time."""
    rows = []
    for who, pair in ((f"{min(FEW, many.users):,} of them ask", many.active), ("all of them ask", many.everyone)):
        if pair is None:
            continue
        for name, ratio in (("check", pair.check.cpu_ms() / few.active.check.cpu_ms()),
                            ("push + pull", pair.sync.cpu_ms() / few.active.sync.cpu_ms())):
            rows.append([f"{name}: {many.users:,} users, {who}, against {few.users:,}", f"≤ {MUST}x", f"{ratio:.2f}x",
                         "met" if ratio <= MUST else "**missed**"])
    return table(("goal", "must", "measured", "verdict"), rows)
