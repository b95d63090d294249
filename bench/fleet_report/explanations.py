"""Why a documented figure is not met. An explanation is held against what was measured: one that does not account for the
difference explains nothing, and the figure is missed."""

from dataclasses import dataclass
from typing import Callable, Mapping

from .day import DAY_SECONDS, Day

# Statements of the sync service, as the day's quota counts them (docs/limits.md).
READS_OF_A_PUSH, READS_OF_A_PULL, READS_OF_A_MISS, READS_OF_A_RENEWAL = 6, 3, 2, 1
# The row that says whether the cache may be used is read again by each process at most once a second.
POLLS_MOST = DAY_SECONDS
# Between counting by hand and what is sent: pushes that share a transaction, a head that is made, a lease that was lost.
SLACK = 0.1


@dataclass(frozen=True)
class Explanation:
    text: Callable[[Day], str]
    accounts: Callable[[Day], bool] = lambda day: True


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _without_renewals(day: Day) -> float:
    return day.a_day("requests") - day.renewals


def _known_reads(day: Day) -> float:
    return (READS_OF_A_PUSH * day.a_day("pushes") + READS_OF_A_PULL * day.a_day("pulls")
            + READS_OF_A_MISS * day.a_day("head_cache_misses") + READS_OF_A_RENEWAL * day.renewals)


def _known_writes(day: Day) -> float:
    return day.a_day("pushes") + day.renewals


def _reads_are_known(day: Day) -> bool:
    rest = day.a_day("database_reads") - _known_reads(day)
    return -SLACK * _known_reads(day) <= rest <= POLLS_MOST + SLACK * _known_reads(day)


def _writes_are_known(day: Day) -> bool:
    # A request notes its device at most once.
    rest = day.a_day("database_writes") - _known_writes(day)
    return -SLACK * _known_writes(day) <= rest <= day.a_day("syncs")


REQUESTS = Explanation(
    lambda day: f"{_count(day.renewals)} of the requests renew a session: an access token lives for 15 minutes (SPEC 9), so a device "
    f"that comes less often renews it first, and the quota counts that request as any other. The other {_count(_without_renewals(day))} are "
    f"{_without_renewals(day) / day.users:.2f} a user; the documents count these alone.",
    lambda day: day.renewals >= 0 and _without_renewals(day) <= 1.2 * day.a_day("syncs"))
READS = Explanation(
    lambda day: f"The quota counts statements (SPEC 8), which travel together; the documents count one for a request. A push is "
    f"{READS_OF_A_PUSH} that read ({_count(READS_OF_A_PUSH * day.a_day('pushes'))} a day), a pull {READS_OF_A_PULL} "
    f"({_count(READS_OF_A_PULL * day.a_day('pulls'))}), a check that the cache does not answer {READS_OF_A_MISS} "
    f"({_count(READS_OF_A_MISS * day.a_day('head_cache_misses'))}), a renewed session {READS_OF_A_RENEWAL} "
    f"({_count(READS_OF_A_RENEWAL * day.renewals)}). What is left of them, {_count(max(0, day.a_day('database_reads') - _known_reads(day)))}, "
    "reads the one row that says whether the cache may be used: once a second where anybody asks, however many users there are.",
    _reads_are_known)
WRITES = Explanation(
    lambda day: f"{_count(day.a_day('pushes'))} are pushes and {_count(day.renewals)} renewed sessions, each of which stores its "
    "refresh token's successor; the rest notes what a device has confirmed. The documents count pushes.",
    _writes_are_known)
QUERIES = Explanation(
    lambda day: f"Without renewed sessions and the row that is read each second it is "
    f"{_queries_of_syncs(day):.2f}. Statements are counted, not round trips: a push is {READS_OF_A_PUSH} that read and one that writes, in "
    f"two round trips; a pull is {READS_OF_A_PULL}, in one.",
    lambda day: _reads_are_known(day) and _writes_are_known(day))


def _queries_of_syncs(day: Day) -> float:
    reads = _known_reads(day) - READS_OF_A_RENEWAL * day.renewals
    return (reads + day.a_day("database_writes") - day.renewals) / max(1, day.a_day("syncs"))


V1: Mapping[str, Explanation] = {
    "requests": REQUESTS,
    "syncs": Explanation(
        lambda day: "V1 syncs by its timer while the app is in front, and so as often as people look: by `client/schedule.json` an "
        "active person for 110 minutes a day, 22 timers, of which starts and edits take some places."),
    "queries": Explanation(
        lambda day: f"V1 as specified has a cursor: a sync without news is {READS_OF_A_PULL} statements in one round trip, a push "
        f"{READS_OF_A_PUSH} that read, one that writes and a pull. Renewed sessions ({_count(day.renewals)}) and what is "
        "noted of V1 come on top."),
    "bytes": Explanation(
        lambda day: "V1 as specified has a cursor (SPEC 4): a sync without news is answered by an empty list. The documented 5 KB are "
        "some twenty whole tasks in each answer, which only a first sync has."),
    "users": Explanation(
        lambda day: "What a user of V1 takes beyond the documented figures is explained with each of them."),
}
FINAL: Mapping[str, Explanation] = {
    "requests": REQUESTS,
    "syncs": Explanation(
        lambda day: "Starts and edits come on top of the timers that 4 and 2 a day are made of, where they do not take the place of one "
        "(docs/clients.md)."),
    "active": Explanation(
        lambda day: "The first start of a day and edits come on top of four timers, where they do not take the place of one."),
    "inactive": Explanation(lambda day: "Who opens the app on a day has that start beside the two timers."),
    "database_reads": READS,
    "database_writes": WRITES,
    "queries": QUERIES,
    "cache_reads": Explanation(
        lambda day: f"The documented figure is that of the hits, 80 % of 96,000; here {_count(day.a_day('head_cache_hits'))} hit. A check "
        "that misses has read the cache as well.",
        lambda day: day.a_day("cache_reads") <= 1.02 * (day.a_day("head_cache_hits") + day.a_day("head_cache_misses"))),
    "cache_writes": Explanation(
        lambda day: f"The free tier's budget is for the whole deployment. Each push publishes a head ({_count(day.a_day('pushes'))}) and each "
        "check that misses may fill one in, so 30,000 users write more by far. Used up, it switches the cache off and refuses "
        "nobody: checks then read the database, whose budget has room for 50 times as many."),
    "bytes": Explanation(
        lambda day: "A sync carries more than its 304: the request with its token has most of the bytes, and a push or a pull carries tasks."),
    "not_modified": Explanation(
        lambda day: f"A sync with an edit to push ends in no 304 ({day.counts['pushes'] / max(1, day.counts['syncs']):.1%} of the syncs do), nor "
        "one that finds another device's.",
        lambda day: day.counts["pushes"] + day.counts["pulls"] >= 0.9 * (day.counts["syncs"] - day.counts["not_modified"])),
    "answered": Explanation(
        lambda day: "A head is kept for as long as the lifetime says, and the next check reads the database: with checks every 6 or 12 "
        "hours that is one in a few. The table of lifetimes shows how the share grows."),
    "hits": Explanation(
        lambda day: "As with checks that the database answers: the lifetime decides."),
    "users": Explanation(
        lambda day: "The documents divide the budget of requests by 3.2; what a user takes beyond that is explained with each figure."),
}
