"""The product's documented figures (SPEC 3.4, 4, 6.1, 8 and 10), one device each, and when they are met."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Callable

from . import what_if
from .day import Day
from .tables import number, share, whole

# Of a figure that is told as a mean, not as a bound.
TOLERANCE = 0.05


class Is(StrEnum):
    MOST = "≤"
    LEAST = "≥"
    ABOUT = "≈"


@dataclass(frozen=True)
class Bound:
    kind: Is
    value: float

    def is_met(self, measured: float) -> bool:
        match self.kind:
            case Is.MOST:
                return measured <= self.value
            case Is.LEAST:
                return measured >= self.value
            case Is.ABOUT:
                return abs(measured - self.value) <= TOLERANCE * self.value

    def times(self, factor: float) -> "Bound":
        return Bound(self.kind, self.value * factor)


@dataclass(frozen=True)
class Figure:
    key: str
    label: str
    # Nothing: it makes no sense for such a day.
    of: Callable[[Day], float | None]
    show: Callable[[float | None], str]
    v1: Bound | None = None
    final: Bound | None = None
    # It is that of all people; its bounds are those of one.
    is_total: bool = False
    # Its bound is that of all, too.
    is_budget: bool = False

    def bounds(self, users: int) -> tuple[Bound | None, Bound | None]:
        factor = users if self.is_total and not self.is_budget else 1
        return tuple(bound and bound.times(factor) for bound in (self.v1, self.final))

    def promise(self, bound: Bound | None) -> str:
        return f"{bound.kind} {self.show(bound.value)}" if bound else ""


USERS = 30_000
V1_USERS = 6_000
V1_SYNCS, V1_QUERIES_PER_SYNC, V1_KB_PER_SYNC = 15, 2, 5
SYNCS = 3.2


def _of_all(total: float) -> float:
    """Documented for 30,000."""
    return total / USERS


def _kb(value: float | None) -> str:
    return number(value) + (" KB" if value is not None else "")


FIGURES = (
    Figure("requests", "requests a day", lambda day: day.a_day("requests"), whole,
           Bound(Is.ABOUT, V1_SYNCS), Bound(Is.ABOUT, SYNCS), is_total=True),
    Figure("syncs", "syncs a user", lambda day: day.per_user("syncs"), number,
           Bound(Is.ABOUT, V1_SYNCS), Bound(Is.ABOUT, SYNCS)),
    Figure("active", "of an active one", lambda day: day.syncs_of("active"), number, final=Bound(Is.ABOUT, 4)),
    Figure("inactive", "of an inactive one", lambda day: day.syncs_of("inactive"), number, final=Bound(Is.ABOUT, 2)),
    Figure("database_reads", "database reads a day", lambda day: day.a_day("database_reads"), whole,
           final=Bound(Is.MOST, _of_all(19_200)), is_total=True),
    Figure("database_writes", "database writes a day", lambda day: day.a_day("database_writes"), whole,
           final=Bound(Is.MOST, _of_all(9_600)), is_total=True),
    Figure("queries", "database queries a sync", lambda day: day.queries_per_sync, number,
           Bound(Is.ABOUT, V1_QUERIES_PER_SYNC), Bound(Is.MOST, 0.4)),
    Figure("cache_reads", "cache reads a day", lambda day: day.a_day("cache_reads"), whole,
           final=Bound(Is.MOST, _of_all(76_800)), is_total=True),
    # The documents name no figure, but a budget that does not grow with the users.
    Figure("cache_writes", "cache writes a day", lambda day: day.a_day("cache_writes"), whole,
           final=Bound(Is.MOST, what_if.BUDGETS["cache_writes"]), is_total=True, is_budget=True),
    Figure("bytes", "bytes a sync", lambda day: day.kb_per_sync, _kb, Bound(Is.ABOUT, V1_KB_PER_SYNC),
           Bound(Is.MOST, 0.2)),
    Figure("not_modified", "syncs that end in a 304", lambda day: day.not_modified_share, share,
           final=Bound(Is.LEAST, 0.95)),
    Figure("answered", "checks without the database", lambda day: day.answered_share, share, final=Bound(Is.LEAST, 0.8)),
    Figure("hits", "reads of the cache that hit", lambda day: day.hit_share, share, final=Bound(Is.LEAST, 0.8)),
    Figure("users", "users within the free tier", lambda day: what_if.capacity(day).users, whole,
           Bound(Is.LEAST, V1_USERS), Bound(Is.LEAST, USERS)),
)
