"""The table of goals: what must be, what is aimed at, what was found, and the verdict."""

import statistics
from dataclasses import dataclass, field
from typing import Iterable, Mapping

from .processes import MB
from .samples import Outcome, Series
from .tables import number
from .work import CHECKED_SIZES


@dataclass
class Findings:
    series: dict[str, Series] = field(default_factory=dict)
    idle_memory: Mapping[str, int] = field(default_factory=dict)
    memory_under_check: Mapping[str, int] = field(default_factory=dict)
    pull_growth: Mapping[str, int] = field(default_factory=dict)
    # Milliseconds, by process.
    start_times: Mapping[str, float] = field(default_factory=dict)
    herds: list[Outcome] = field(default_factory=list)
    checks_idle: list[Outcome] = field(default_factory=list)
    checks_beside_pushes: list[Outcome] = field(default_factory=list)

    def cpu(self, name: str) -> float:
        return self.series[name].cpu_ms()

    def pgbench(self, name: str) -> float:
        """Without what it cost to choose a user."""
        return self.cpu(f"pgbench {name}") - self.cpu("pgbench pick")


@dataclass(frozen=True)
class Row:
    """Judged is `measured` over `floor`; `measured` alone without a floor; nothing without bounds."""
    goal: str
    measured: float
    unit: str
    must: float | None = None
    aim: float | None = None
    floor: float | None = None

    @property
    def judged(self) -> float:
        return self.measured if self.floor is None else self.measured / self.floor

    @property
    def verdict(self) -> str:
        if self.must is None or self.aim is None:
            return "measured elsewhere"
        if self.judged <= self.aim:
            return "aim met"
        return "must met" if self.judged <= self.must else "**missed**"

    def cells(self) -> list[str]:
        unit = f" {self.unit}".rstrip()
        bound = "x" if self.floor is not None else unit
        return [self.goal,
                "" if self.must is None else f"≤ {self.must:.3g}{bound}",
                "" if self.aim is None else f"≤ {self.aim:.3g}{bound}",
                "" if self.floor is None else number(self.floor) + unit,
                number(self.measured) + unit,
                "" if self.floor is None else f"{self.judged:.2f}x",
                self.verdict]


HEADINGS = ("goal", "must", "aim", "floor", "measured", "ratio", "verdict")


def rows(found: Findings) -> list[Row]:
    return [Row("errors, in all rounds of everything", _errors(found), "", 0, 0), *_processor_time(found),
            *_memory_and_bytes(found), *_latency(found), *_of_the_peer(found)]


def _processor_time(found: Findings) -> Iterable[Row]:
    few, most = CHECKED_SIZES[0], CHECKED_SIZES[-1]
    push_of_1, push_of_100 = found.cpu("push of 1"), found.cpu("push of 100") / 100
    yield Row("W1 CPU against two hops of gRPC echo", found.cpu("check"), "ms", 1.6, 0.8,
              found.cpu("gRPC echo, two hops"))
    yield Row("stale check (200) against the 304", found.cpu("stale check"), "ms", 1.15, 1.05, found.cpu("check"))
    for name in ("check", "stale-check"):
        yield Row(f"W4: {name} with {most:,} tasks against {few}", found.cpu(f"{name}, {most:,} tasks"), "ms", 1.10,
                  1.05, found.cpu(f"{name}, {few:,} tasks"))
    for what, name in (("the same rows", "push and pull"), ("the least rows", "lean push and pull")):
        yield Row(f"W2 CPU against pgbench push + pull, {what}", found.cpu("push + pull"), "ms", 1.8, 1.4,
                  found.pgbench(name))
    yield Row("a push of 100, CPU of a change against a push of 1", push_of_100, "ms", 0.125, 1 / 12, push_of_1)


def _memory_and_bytes(found: Findings) -> Iterable[Row]:
    check = found.series["check"]
    yield Row("memory growth under 16 first pulls of 10,000", sum(found.pull_growth.values()) / MB, "MB", 64, 16)
    yield Row("bytes back of a 304", check.bytes_received(), "B", 300, 240)
    yield Row("all bytes of a check", (check.bytes_sent() + check.bytes_received()) / 1024, "KB", 0.75, 0.66)
    for name, held in found.idle_memory.items():
        yield Row(f"idle memory (PSS): {name}", held / MB, "MB", 24, 14)
    yield Row("memory (PSS) of the gateway under W1", found.memory_under_check["gateway"] / MB, "MB", 32, 20)


def _latency(found: Findings) -> Iterable[Row]:
    for name, millis in found.start_times.items():
        yield Row(f"start to ready: {name}", millis, "ms", 300, 80)
    yield Row("herd: every user checks at once over 512 connections",
              statistics.median(herd.seconds for herd in found.herds), "s", 3, 1.5)
    yield Row("W1 p99 while 32 clients push, against idle", _p99(found.checks_beside_pushes), "ms", 3, 1.5,
              _p99(found.checks_idle))


def _p99(outcomes: Iterable[Outcome]) -> float:
    return statistics.median(outcome.latency["p99"] for outcome in outcomes)


def _errors(found: Findings) -> int:
    alone = (*found.herds, *found.checks_idle, *found.checks_beside_pushes)
    return sum(series.errors() for series in found.series.values()) + sum(outcome.errors for outcome in alone)


def _of_the_peer(found: Findings) -> Iterable[Row]:
    for goal, name in (("W1", "check"), ("W2", "push + pull"), ("W3, 10,000 tasks", "first pull of 10,000")):
        yield Row(f"{goal}: CPU, for the Node peer", found.cpu(name), "ms")
        yield Row(f"{goal}: requests/s, for the Node peer", found.series[name].rate(), "/s")
