"""The day beside its documented figures; the day with several devices beside the day with one."""

from typing import Mapping

from .day import Day
from .documented import FIGURES, TOLERANCE, Bound, Figure
from .explanations import FINAL, V1, Explanation
from .tables import Notes, Table, times

MET, MISSED = "met", "**missed**"


def beside_documented(v1: Day, final: Day, short: Day, notes: Notes) -> Table:
    """`short` is Final with the documented lifetime of a head, which is shown beside the default's and not judged."""
    rows = []
    for figure in FIGURES:
        v1_bound, final_bound = figure.bounds(v1.users)
        old, old_verdict = _judged(figure, v1, v1_bound, V1, notes)
        new, new_verdict = _judged(figure, final, final_bound, FINAL, notes)
        rows.append([figure.label, figure.promise(v1_bound), old, figure.promise(final_bound), new,
                     _worse(old_verdict, new_verdict), figure.show(figure.of(short))])
    return Table(f"A day of {v1.users:,} users, one device each",
                 ("", "V1 documented", "V1 measured", "Final documented", "Final measured", "verdict", "Final at 300 s"), rows,
                 (f"≈ is met within {TOLERANCE:.0%}. At 300 s: with the documented lifetime of a cached head, in place of the "
                  "default. A figure that is not met is explained by a note; where "
                  "reads, writes, requests and the cache do not bear it out, it is missed.",))


def _judged(figure: Figure, day: Day, bound: Bound | None, explanations: Mapping[str, Explanation],
            notes: Notes) -> tuple[str, str]:
    """What is shown of it, and the verdict: none where nothing is promised, a note's mark where it explains."""
    measured = figure.of(day)
    shown = figure.show(measured)
    if bound is None or measured is None:
        return shown, ""
    if bound.is_met(measured):
        return shown, MET
    explanation = explanations.get(figure.key)
    if explanation is None or not explanation.accounts(day):
        return shown, MISSED
    mark = notes.mark(explanation.text(day))
    return f"{shown} {mark}", mark


def _worse(old: str, new: str) -> str:
    if MISSED in (old, new):
        return MISSED
    marks = dict.fromkeys(verdict for verdict in (old, new) if verdict not in (MET, ""))
    return f"explained {' '.join(marks)}" if marks else old or new


def _against(figure: Figure, found: float | None, users: int, alone: float | None, users_alone: int) -> str:
    if found is None or alone is None:
        return "–"
    return times(found / users, alone / users_alone) if figure.is_total else times(found, alone)


def with_several_devices(one: tuple[Day, Day], several: tuple[Day, Day]) -> Table:
    """Each pair is V1 and Final."""
    rows = []
    for figure in FIGURES:
        row = [figure.label]
        for before, after, bound in zip(one, several, figure.bounds(several[0].users)):
            found, alone = figure.of(after), figure.of(before)
            row += [figure.promise(bound), figure.show(found),
                    _against(figure, found, after.users, alone, before.users)]
        rows.append(row)
    return Table(f"With {several[0].devices_per_user:.1f} devices each, {several[0].users:,} users",
                 ("", "V1 documented", "V1 measured", "against one", "Final documented", "Final measured", "against one"), rows,
                 ("The documented figures are those of one device each: nothing is judged here. Reads and queries count the row that is "
                  "read each second, which weighs more among fewer users.",))
