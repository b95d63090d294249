"""The share of cache hits by how long a head is kept."""

from typing import Mapping

from .day import Day
from .plan import HOUR, LIFETIMES, lifetime_name
from .tables import Table, number, share


def name_of(seconds: int) -> str:
    if seconds < HOUR:
        return f"{seconds} s"
    hours = seconds // HOUR
    return f"{hours} h" if hours <= 48 else f"{hours // 24} days"


def points(days: Mapping[str, Day]) -> list[tuple[int, Day]]:
    return [(seconds, days[lifetime_name(seconds)]) for seconds in LIFETIMES]


def table(days: Mapping[str, Day]) -> Table:
    found = points(days)
    rows = [[name_of(seconds), share(day.hit_share), share(day.answered_share), number(day.queries_per_sync),
             f"{day.per_user('cache_writes'):.2f}"] for seconds, day in found]
    return Table("How long a head is kept", ("lifetime", "reads of the cache that hit", "checks without the database",
                                             "database queries a sync", "cache writes a user and day"), rows,
                 (f"Final, {found[0][1].users:,} users. Queries a sync count the row that is read each second, which weighs more among so "
                  "few than above.",))
