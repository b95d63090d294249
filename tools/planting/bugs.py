"""The bugs of tests/simulation/bugs.toml, and what the simulation says of them."""

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Bug:
    name: str
    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Outcome:
    seed: int
    step: int
    law: str
    events: int

    def line(self) -> str:
        return f"seed {self.seed}, step {self.step}: {self.law} ({self.events} events)"


def parse(document: dict[str, Any]) -> list[Bug]:
    return [Bug(**bug) for bug in document["bug"]]


def planted(text: str, bug: Bug) -> str:
    if text.count(bug.old) != 1:
        raise ValueError(f"{bug.name}: what it replaces is {text.count(bug.old)} times in {bug.file}")
    return text.replace(bug.old, bug.new)


def outcome(report: str) -> Outcome | None:
    """Nothing: no law was broken."""
    broken = re.search(r"^seed (\d+), step (\d+): ([^:]+):", report, re.MULTILINE)
    fewer = re.search(r"^The same with (\d+) of", report, re.MULTILINE)
    if not broken or not fewer:
        return None
    return Outcome(int(broken[1]), int(broken[2]), broken[3], int(fewer[1]))
