"""What is plotted of the days."""

import itertools
from typing import Iterator, Mapping, Sequence

from . import lifetimes
from .day import DAY_SECONDS, Day
from .drawing import Axis, Line, Mark, Plot
from .migration import DEGRADED
from .what_if import READS_PAUSE_AT

HOUR_SECONDS = 3600


def of(days: Mapping[str, Day]) -> Iterator[Plot]:
    v1, final = days["v1"], days["final"]
    axis, in_ten_minutes = _clock(final), f"in {final.bucket_seconds // 60} minutes"
    yield Plot("Requests", in_ten_minutes, axis, (_line("Final", final, "requests"), _line("V1", v1, "requests")))
    yield Plot("Final: how many end in a 304", in_ten_minutes, axis,
               (_line("requests", final, "requests"), _line("304", final, "not_modified"), _line("pushes", final, "pushes")))
    for name, day in (("V1", v1), ("Final", final)):
        yield Plot(f"{name}: database", f"statements {in_ten_minutes}", axis,
                   (_line("reads", day, "database_reads"), _line("writes", day, "database_writes")))
    yield Plot("Final: cache", in_ten_minutes, axis,
               (_line("reads", final, "cache_reads"), _line("writes", final, "cache_writes")))
    yield Plot("Final: edits", f"made {in_ten_minutes}, and waiting on devices", axis,
               (_line("made", final, "edits"), _line("waiting", final, "queued_edits")))
    degraded = days[DEGRADED]
    # The second day has room for all.
    axis, quota, until = _clock(degraded), _quota(degraded), 1 / degraded.days
    yield Plot("A day with too small a quota, and the next: requests", "since midnight UTC", axis,
               (Line("requests", _since_midnight(degraded, degraded.series["requests"])),),
               (Mark("quota", quota, until), Mark("reads are paused", READS_PAUSE_AT * quota, until)))
    yield Plot("A day with too small a quota, and the next: edits", f"made {in_ten_minutes}, and waiting on devices", axis,
               (_line("made", degraded, "edits"), _line("waiting", degraded, "queued_edits")))
    found = lifetimes.points(days)
    names = [lifetimes.name_of(seconds) for seconds, _ in found]
    yield Plot("How long a head is kept", "share", Axis(names, list(enumerate(names))),
               (Line("checks without the database", [day.answered_share or 0 for _, day in found]),
                Line("reads of the cache that hit", [day.hit_share or 0 for _, day in found])),
               (Mark("documented", 0.8),), is_share=True)


def _line(name: str, day: Day, series: str) -> Line:
    return Line(name, day.series[series])


def _clock(day: Day) -> Axis:
    """Ticks at each quarter of a day, of which there may be several."""
    buckets = len(day.series["requests"])
    times = [place * day.bucket_seconds for place in range(buckets)]
    of_day = "{1:02d}:{2:02d}" if day.days == 1 else "day {0}, {1:02d}:{2:02d}"
    names = [of_day.format(at // DAY_SECONDS + 1, at % DAY_SECONDS // HOUR_SECONDS, at % HOUR_SECONDS // 60) for at in times]
    every = 6 * HOUR_SECONDS if day.days == 1 else 12 * HOUR_SECONDS
    ticks = [(place, f"{at % DAY_SECONDS // HOUR_SECONDS}:00") for place, at in enumerate(times) if at % every == 0]
    return Axis(names, ticks)


def _since_midnight(day: Day, values: Sequence[float]) -> list[float]:
    a_day = DAY_SECONDS // day.bucket_seconds
    return [sum_ for begin in range(0, len(values), a_day) for sum_ in itertools.accumulate(values[begin:begin + a_day])]


def _quota(day: Day) -> float:
    return day.users * day.settings["scenarios"][day.scenario]["requests_per_user_on_first_day"]
