"""All that is told of the day, in its order: for the terminal, for docs/benchmarks.md and for the page."""

from dataclasses import dataclass
from typing import Mapping

from endurance import command

from . import figures, lifetimes, migration, what_if
from .day import Day
from .documented import FIGURES, USERS, V1_USERS
from .tables import Notes, Table

NEEDED_RATIO = USERS / V1_USERS


@dataclass(frozen=True)
class Account:
    heading: str
    tables: list[Table]
    notes: Notes
    faults: list[str]

    def markdown(self) -> str:
        faults = "".join(f"- **{fault}**\n" for fault in self.faults)
        return "\n".join(part for part in (f"{self.heading}\n", *(table.markdown() for table in self.tables),
                                           self.notes.markdown(), faults) if part)


def of_all(days: Mapping[str, Day]) -> Account:
    v1, final, notes = days["v1"], days["final"], Notes()
    tables = [figures.beside_documented(v1, final, days["final_300s"], notes), migration.table(days, notes), _what_fits(days),
              figures.with_several_devices((v1, final), (days["v1_devices"], days["devices"])), lifetimes.table(days)]
    minutes = sum(day.real_seconds for day in days.values()) / 60
    heading = (f"{command.when()}; {v1.users:,} users, {v1.tiers['active'].users / v1.users:.0%} of them active, seed "
               f"{v1.seed}; {len(days)} runs in {minutes:.0f} minutes.")
    return Account(heading, tables, notes, _faults(days))


def of_some(days: Mapping[str, Day]) -> Account:
    """Each beside the others, nothing judged."""
    rows = [[figure.label, *(figure.show(figure.of(day)) for day in days.values())] for figure in FIGURES]
    return Account(f"{command.when()}.", [Table("Days", ("", *days), rows)], Notes(), _faults(days))


def _what_fits(days: Mapping[str, Day]) -> Table:
    v1, final = days["v1"], days["final"]
    table = what_if.table({"V1": v1, "Final, 300 s": days["final_300s"], "Final": final},
                          {"V1": V1_USERS, "Final, 300 s": USERS, "Final": USERS})
    ratio = what_if.ratio(v1, final)
    said = (f"Final serves {ratio:.1f} times as many users as V1 from the same budgets; documented are {USERS:,} on what "
            f"others need for {V1_USERS:,}, that is {NEEDED_RATIO:.0f} times as many. By the requests of syncs alone, without "
            f"renewed sessions, it is {_by_syncs(v1, final):.1f} times as many.")
    return Table(table.title, table.headings, table.rows, (*table.below, said))


def _by_syncs(v1: Day, final: Day) -> float:
    return v1.by("sync", "requests") / v1.users / (final.by("sync", "requests") / final.users)


def _faults(days: Mapping[str, Day]) -> list[str]:
    return [fault for day in days.values() for fault in day.faults()]
