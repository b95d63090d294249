"""From V1 to Final in four steps, and what each changed beside what is documented."""

from dataclasses import dataclass
from typing import Callable, Mapping

from .day import Day
from .figures import MET, MISSED
from .plan import MIGRATION
from .tables import Notes, Table, change, number, share, whole

V1_TIMETABLE, *_, DEGRADED = MIGRATION


@dataclass(frozen=True)
class Step:
    scenario: str
    name: str
    documented: str
    of: Callable[[Day], float]
    # What is left of it, of the step before.
    most: float
    why_not: Callable[[Day], str]


STEPS = (
    Step("etag", "ETag check", "−50 % database queries", lambda day: day.queries, 0.5,
         lambda day: "A check reads the head in one statement where a V1 sync without news reads three; pushes and renewed "
         f"sessions ({day.renewals:,.0f} a day, of two statements each) stay as they were."),
    Step("hash_cache", "hash cache", "−80 % database queries", lambda day: day.queries, 0.2,
         lambda day: f"The cache answers {share(day.answered_share)} of the checks; what is left are the others, of "
         f"two statements each, pushes, {day.renewals:,.0f} renewed sessions, what devices have confirmed, the purge, and the row that "
         "is read each second."),
    Step("final", "smart polling, activity tiers", "−70 % syncs", lambda day: day.a_day("syncs"), 0.3,
         lambda day: "Syncs by starts and edits are no timers, and stay."),
)


def table(days: Mapping[str, Day], notes: Notes) -> Table:
    before = days[V1_TIMETABLE]
    rows = [["V1", *_cells(before), "", "", ""]]
    for step in STEPS:
        day = days[step.scenario]
        left, was = step.of(day), step.of(before)
        verdict = _of_step(step, day, left, was, notes)
        unit = step.documented.split(" % ")[1]
        rows.append([step.name, *_cells(day), f"{change(left, was)} {unit}", step.documented, verdict])
        before = day
    degraded = days[DEGRADED]
    rows.append(["degradation at a low quota", *_cells(degraded), f"{degraded.counts['edits_lost']:,} edits lost", "zero loss",
                 _of_degradation(degraded)])
    return Table("From V1 to Final", ("step", "syncs a day", "database queries a day", "a sync", "without the database",
                                      "against the step before", "documented", "verdict"), rows,
                 (_told(degraded),))


def _of_step(step: Step, day: Day, left: float, was: float, notes: Notes) -> str:
    """What became no less is no matter of how much."""
    if left <= step.most * was:
        return MET
    return f"explained {notes.mark(step.why_not(day))}" if left < was else MISSED


def _cells(day: Day) -> list[str]:
    return [whole(day.a_day("syncs")), whole(day.queries), number(day.queries_per_sync), share(day.answered_share)]


def was_short(day: Day) -> bool:
    """A day whose quota lasted has shown nothing."""
    return day.counts["read_paused"] + day.counts["quota_exhausted"] > 0


def _of_degradation(day: Day) -> str:
    return MET if was_short(day) and not day.faults() else MISSED


def _told(day: Day) -> str:
    counts = day.counts
    return (f"The last row is {day.days} days, of which the first has too small a quota: {counts['read_paused']:,} requests were "
            f"told that reads are paused, {counts['quota_exhausted']:,} that the quota is used up, {counts['deferred_pulls']:,} "
            f"pushes were stored without their pull. At the ends of ten minutes at most {max(day.series['queued_edits']):,.0f} edits "
            f"waited on devices, and {counts['edits_waiting_at_end']:,} when the second day was over. When all devices had come to "
            f"rest, of {counts['edits_made']:,} edits {counts['edits_stored']:,} were stored, and {counts['edits_replaced']:,} had "
            "been replaced by their own device before they left it.")
