"""The table of planted bugs in docs/simulation.md, between two marks."""

from typing import Iterable

from planting.bugs import Bug, Outcome

BEGIN = "<!-- planted bugs, written by tools/plant-bugs --write -->"
END = "<!-- end of planted bugs -->"


def replaced(document: str, found: Iterable[tuple[Bug, Outcome]]) -> str:
    lines = ["| bug | planted in | seed | step | events when shrunk | law that it broke |", "|---|---|---|---|---|---|"]
    for bug, outcome in found:
        lines.append(f"| {bug.name} | `{bug.file}` | {outcome.seed} | {outcome.step} | {outcome.events} | {outcome.law} |")
    before, rest = document.split(BEGIN)
    after = rest.split(END)[1]
    return before + BEGIN + "\n" + "\n".join(lines) + "\n" + END + after
