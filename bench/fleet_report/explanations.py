"""Why a documented figure is not met. An explanation is held against what was counted: one that does not account for the
difference explains nothing, and the figure is missed."""

from dataclasses import dataclass
from typing import Callable, Mapping

from . import what_if
from .day import Day

# Statements of the sync service, as the day's quota counts them (docs/limits.md). A push also writes one.
READS_OF_A_PUSH, READS_OF_A_PULL, READS_OF_A_MISS = 6, 3, 2
# The default lifetime of a head is a day.
MISSES_A_USER_MOST = 1.1
# Between counting by hand and what is sent: a head that is made, a lease that was lost.
SLACK = 0.1


@dataclass(frozen=True)
class Explanation:
    text: Callable[[Day], str]
    accounts: Callable[[Day], bool] = lambda day: True


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _known_reads(day: Day) -> float:
    return (READS_OF_A_PUSH * day.a_day("pushes") + READS_OF_A_PULL * day.a_day("pulls")
            + READS_OF_A_MISS * day.a_day("head_cache_misses"))


def _reads_are_known(day: Day) -> bool:
    return abs(day.by("sync", "database_reads") - _known_reads(day)) <= SLACK * _known_reads(day)


def _notes(day: Day) -> float:
    """Writes of what devices have confirmed."""
    return day.by("sync", "database_writes") - day.a_day("pushes")


def _writes_are_known(day: Day) -> bool:
    """A sync notes its device at most once."""
    return -SLACK * day.a_day("pushes") <= _notes(day) <= day.a_day("syncs")


def _queries_of_syncs(day: Day) -> float:
    return (day.by("sync", "database_reads") + day.by("sync", "database_writes")) / max(1, day.a_day("syncs"))


def _ended_in_no_304(day: Day) -> float:
    return day.a_day("syncs") - day.a_day("not_modified")


REQUESTS = Explanation(
    lambda day: f"{_count(day.renewals)} of the requests renew a session: an access token lives for 15 minutes (SPEC 9), so a "
    "device that comes less often renews it first, and the quota counts that request as any other. The other "
    f"{_count(day.by('sync', 'requests'))}, {day.by('sync', 'requests') / day.users:.2f} a user, are those that the documents "
    "count.",
    lambda day: day.by("sync", "requests") <= 1.2 * day.a_day("syncs") and day.renewals <= 1.1 * day.a_day("syncs"))
READS = Explanation(
    lambda day: "The quota counts statements (SPEC 8), which travel together; the documents count one for a request. A push is "
    f"{READS_OF_A_PUSH} that read ({_count(READS_OF_A_PUSH * day.a_day('pushes'))} a day), a pull {READS_OF_A_PULL} "
    f"({_count(READS_OF_A_PULL * day.a_day('pulls'))}), a check that the cache does not answer {READS_OF_A_MISS} "
    f"({_count(READS_OF_A_MISS * day.a_day('head_cache_misses'))}): {_count(day.by('sync', 'database_reads'))} in all. Renewed "
    f"sessions read {_count(day.by('auth', 'database_reads'))}, the purge {_count(day.by('purge', 'database_reads'))}. "
    f"{_count(day.by('data_set', 'database_reads'))} read the one row that says whether the cache may be used: at most one a "
    f"second, however many users there are. Not among them are {_count(day.idle_database_reads / day.days)} of an auth service "
    "that nobody asks, mostly to hear of ended sessions.",
    _reads_are_known)
WRITES = Explanation(
    lambda day: f"{_count(day.a_day('pushes'))} are pushes and {_count(day.by('auth', 'database_writes'))} renewed sessions, each "
    f"of which stores its refresh token's successor; {_count(max(0, _notes(day)))} note what a device has confirmed, "
    f"{_count(day.by('purge', 'database_writes'))} purge. The documents count pushes.",
    _writes_are_known)
QUERIES = Explanation(
    lambda day: f"Of syncs alone, without renewed sessions, the purge and the row that is read each second, it is "
    f"{_queries_of_syncs(day):.2f}. Statements are counted, not round trips: a push is {READS_OF_A_PUSH} that read and one "
    f"that writes, in two round trips; a pull is {READS_OF_A_PULL}, in one.",
    lambda day: _reads_are_known(day) and _writes_are_known(day))

KEPT_FOR_A_DAY = Explanation(
    lambda day: "By default a head is kept for a day, so each is read from the database once a day "
    f"({day.per_user('head_cache_misses'):.2f} times a user), of {day.per_user('checks'):.2f} checks. The table of lifetimes shows "
    "how the share grows with the lifetime; the documented 300 s are shorter than any two checks are apart.",
    lambda day: day.per_user("head_cache_misses") <= MISSES_A_USER_MOST)
ANSWERED = Explanation(
    lambda day: f"{KEPT_FOR_A_DAY.text(day)} {_count(day.a_day('head_cache_hits') - day.a_day('answered_without_database'))} checks hit "
    "and wrote what their device has confirmed: once a week for each, and after each change, its own included (decision 16).",
    KEPT_FOR_A_DAY.accounts)
WHAT_RUNS_OUT: Mapping[str, Explanation] = {"requests": REQUESTS, "database_reads": READS, "database_writes": WRITES}
USERS = Explanation(
    lambda day: f"The documents divide the budget of requests by the syncs of a user. Here {what_if.NAMES[_first(day)]} run out "
    f"first, at {what_if.capacity(day).per_user[_first(day)]:.2f} a user; why that is more, their note says.",
    lambda day: WHAT_RUNS_OUT[_first(day)].accounts(day))


def _renewals_kb(day: Day) -> float:
    """A sync."""
    return day.renewals_kb / max(1, day.a_day("syncs"))


def _first(day: Day) -> str:
    return what_if.capacity(day).first


V1: Mapping[str, Explanation] = {
    "requests": REQUESTS,
    "syncs": Explanation(
        lambda day: "V1 syncs by its timer while the app is in front, and so as often as people look: by `bench/fleet.json` an "
        "active person for 110 minutes a day, which are 22 timers."),
    "queries": Explanation(
        lambda day: f"V1 as specified has a cursor: a sync without news is {READS_OF_A_PULL} statements in one round trip, a "
        f"push {READS_OF_A_PUSH} that read, one that writes, and a pull. Renewed sessions ({_count(day.renewals)} a day) and "
        "what is noted of V1 come on top.",
        _reads_are_known),
    "bytes": Explanation(
        lambda day: "V1 as specified has a cursor (SPEC 4): a sync without news is answered by an empty list. The documented "
        "5 KB are some twenty whole tasks in each answer, which only a first sync has."),
    "users": USERS,
}
FINAL: Mapping[str, Explanation] = {
    "requests": REQUESTS,
    "syncs": Explanation(
        lambda day: "Starts and edits come on top of the timers that 4 and 2 a day are made of, where they do not take the "
        "place of one (docs/clients.md).",
        lambda day: day.per_user("syncs") > 3.2),
    "active": Explanation(
        lambda day: "The first start of a day and edits come on top of four timers, where they do not take the place of one.",
        lambda day: (day.syncs_of("active") or 0) > 4),
    "inactive": Explanation(
        lambda day: "Who opens the app on a day has that start beside the two timers.",
        lambda day: (day.syncs_of("inactive") or 0) > 2),
    "database_reads": READS,
    "database_writes": WRITES,
    "queries": QUERIES,
    "cache_reads": Explanation(
        lambda day: f"The documented figure is that of the hits, 80 % of 96,000; here {_count(day.a_day('head_cache_hits'))} "
        "hit. A check that misses has read the cache as well.",
        lambda day: day.a_day("cache_reads") <= 1.02 * (day.a_day("head_cache_hits") + day.a_day("head_cache_misses"))),
    "cache_writes": Explanation(
        lambda day: "The free tier's budget is for the whole deployment, however many users it has. Each push publishes a head "
        f"({_count(day.a_day('pushes'))}), and each check that misses may fill one in "
        f"({_count(day.a_day('head_cache_misses'))}). Used up, the budget switches the cache off and refuses nobody: checks "
        "then read the database, whose budget is fifty times that of requests.",
        lambda day: day.a_day("cache_writes") <= 1.02 * (day.a_day("pushes") + day.a_day("head_cache_misses"))),
    "bytes": Explanation(
        lambda day: f"{_renewals_kb(day):.2f} KB of it renew sessions, whose tokens are long; the rest, the syncs' own, is within the "
        "documented figure.",
        lambda day: (day.kb_per_sync or 0) - _renewals_kb(day) <= 0.2),
    "not_modified": Explanation(
        lambda day: f"A sync with an edit to push ends in no 304 ({day.counts['pushes'] / max(1, day.counts['syncs']):.1%} of "
        "the syncs do), nor does one that finds another device's.",
        lambda day: day.a_day("pushes") + day.a_day("pulls") >= (1 - SLACK) * _ended_in_no_304(day)),
    "answered": ANSWERED,
    "hits": KEPT_FOR_A_DAY,
    "users": USERS,
}
