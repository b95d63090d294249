"""What a process holds, looked at again and again, and whether it grows."""

import os
import statistics
from dataclasses import dataclass, field
from typing import Mapping, Sequence

from report import processes
from report.tables import table

MB = 1 << 20
SECONDS_PER_HOUR = 3_600
MEMORY_MB_PER_HOUR_MAX = 1.0
# What the load may have open beside its streams: on a busy machine it opens the last of its connections late. Were one
# descriptor lost by each fault of one kind, ten minutes would lose twice as many.
FDS_MORE_MAX = 30
# Of each such time the least counts: what a request needs while it is answered is no growth (a password's hash: 19 MiB).
REST_SECONDS = 60


@dataclass(frozen=True)
class Look:
    """At one moment, counted in seconds."""
    at: float
    anonymous: int
    pss: int
    rss: int
    fds: int


def look(pid: int, at: float) -> Look:
    return Look(at, processes.anonymous_pss(pid), processes.pss(pid), processes.resident(pid), len(os.listdir(f"/proc/{pid}/fd")))


def slope(points: Sequence[tuple[float, float]]) -> float:
    """By least squares."""
    mean_x = statistics.fmean(x for x, _ in points)
    mean_y = statistics.fmean(y for _, y in points)
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / spread


@dataclass
class Growth:
    """Of one process, after the beginning in which caches and pools fill."""
    looks: list[Look] = field(default_factory=list)

    @property
    def mb_per_hour(self) -> float:
        return slope([(each.at, each.anonymous) for each in self.at_rest()]) * SECONDS_PER_HOUR / MB

    def at_rest(self) -> list[Look]:
        """The look of each REST_SECONDS that found least."""
        least: dict[int, Look] = {}
        for each in self.looks:
            part = int(each.at // REST_SECONDS)
            if part not in least or each.anonymous < least[part].anonymous:
                least[part] = each
        return list(least.values())

    @property
    def fds_more(self) -> float:
        """In the last third than in the first."""
        third = max(1, len(self.looks) // 3)
        first, last = ([each.fds for each in part] for part in (self.looks[:third], self.looks[-third:]))
        return statistics.median(last) - statistics.median(first)

    @property
    def holds(self) -> bool:
        return self.mb_per_hour <= MEMORY_MB_PER_HOUR_MAX and self.fds_more <= FDS_MORE_MAX

    def cells(self, name: str, is_judged: bool) -> list[str]:
        first, last = self.looks[0], self.looks[-1]
        most = max(each.pss for each in self.looks)
        at_rest = self.at_rest()
        verdict = ("holds" if self.holds else "**grows**") if is_judged else "not judged"
        return [name, *(f"{held / MB:.1f}" for held in (at_rest[0].anonymous, at_rest[-1].anonymous, most, last.rss)),
                f"{self.mb_per_hour:+.2f}", str(first.fds), str(last.fds), f"{self.fds_more:+.0f}", verdict]


HEADINGS = ("process", "rest first", "rest last", "PSS most", "RSS last", "MB/h", "fds first", "fds last", "fds more",
            "verdict")


def text_of(growths: Mapping[str, Growth], judged: Sequence[str]) -> str:
    return table(HEADINGS, [growth.cells(name, name in judged) for name, growth in growths.items()])
