"""How many users fit the free tier's budgets, and what runs out first.

By what one user takes, in proportion. An exhausted budget of the cache switches the cache off for the rest of the day and
refuses nobody (SPEC 8): so it bounds nothing, and what it answered is read from the database.
"""

import re
from dataclasses import dataclass
from typing import Mapping

import building

from .day import Day
from .tables import Table, number, whole

LIMITS = building.ROOT / "deploy" / "config" / "limits-free-tier.textproto"
OF_THE_CACHE = ("cache_reads", "cache_writes")
# From here on reads are refused.
READS_PAUSE_AT = 0.9
NAMES = {"requests": "requests", "database_reads": "database reads", "database_writes": "database writes",
         "cache_reads": "cache reads", "cache_writes": "cache writes"}


def budgets(limits: str) -> dict[str, int]:
    """Of the limits file's text."""
    block = re.search(r"^budgets \{(.*?)\}", limits, re.M | re.S)[1]
    return {name: int(value) for name, value in re.findall(r"^ *(\w+): (\d+)$", block, re.M)}


BUDGETS = budgets(LIMITS.read_text())


@dataclass(frozen=True)
class Capacity:
    # What one user takes a day, of each budget. Database reads: with the cache off all day.
    per_user: Mapping[str, float]
    users: int
    first: str
    # From so many on the cache is off for a part of the day.
    cache_lasts_for: int

    @property
    def reads_pause_at(self) -> int:
        return int(self.users * READS_PAUSE_AT)


def capacity(day: Day) -> Capacity:
    per_user = {name: day.per_user(name) for name in BUDGETS}
    # A statement for each that the cache would have answered; a miss has sent two.
    per_user["database_reads"] += day.per_user("head_cache_hits") - day.per_user("head_cache_misses")
    # Is read however many there are.
    per_user["database_reads"] -= day.by("data_set", "database_reads") / day.users
    standing = {"database_reads": day.standing_reads}
    fit = {name: _users(BUDGETS[name] - standing.get(name, 0), each) for name, each in per_user.items()}
    bounding = [name for name in BUDGETS if name not in OF_THE_CACHE]
    first = min(bounding, key=lambda name: fit[name])
    return Capacity(per_user, int(fit[first]), first, int(min(min(fit[name] for name in OF_THE_CACHE), fit[first])))


def _users(budget: float, each: float) -> float:
    return budget / each if each else float("inf")


def table(days: Mapping[str, Day], documented: Mapping[str, int]) -> Table:
    """A column for each day; `documented` names whose users are."""
    found = {name: capacity(day) for name, day in days.items()}
    rows = [[f"{NAMES[name]} a user, of {budget:,}", *(number(each.per_user[name]) for each in found.values())]
            for name, budget in BUDGETS.items()]
    rows += [
        ["the cache lasts all day for, users", *(_lasts(each) for each in found.values())],
        ["reads are paused from, users", *(whole(each.reads_pause_at) for each in found.values())],
        ["**users within the budgets**", *(f"**{each.users:,}**" for each in found.values())],
        ["documented", *(whole(documented.get(name)) for name in found)],
        ["what runs out first", *(NAMES[each.first] for each in found.values())]]
    return Table("What fits the free tier", ("", *found), rows, (
        "In proportion to what one user takes a day, after what one process of each service reads for itself "
        f"({whole(max(day.standing_reads for day in days.values()))}). A used-up budget of the cache switches the cache off, never "
        "the service: it bounds nobody, and the database reads are those of a day whose cache is off from the start.",))


def _lasts(each: Capacity) -> str:
    """Where nothing is cached there is nothing to last."""
    return whole(each.cache_lasts_for) if any(each.per_user[name] for name in OF_THE_CACHE) else "–"


def ratio(v1: Day, final: Day) -> float:
    return capacity(final).users / max(1, capacity(v1).users)
