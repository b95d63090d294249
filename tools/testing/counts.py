"""How many tests passed, failed and were skipped, read from each tool's own report."""

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def of_check(exit_code: int) -> Counts:
    """A check without tests of its own counts as one."""
    return Counts(passed=1) if exit_code == 0 else Counts(failed=1)


def of_report(report: Path, exit_code: int, read) -> Counts:
    """A tool that failed without failing a test, or left no report, has failed once."""
    counts = read(report) if report.exists() else Counts()
    return counts + Counts(failed=1) if exit_code != 0 and counts.failed == 0 else counts


def from_junit(report: Path) -> Counts:
    """As `ctest --output-junit` writes it."""
    suite = ElementTree.parse(report).getroot()
    number = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "skipped", "disabled")}
    skipped = number["skipped"] + number["disabled"]
    return Counts(number["tests"] - number["failures"] - skipped, number["failures"], skipped)


def from_vitest(report: Path) -> Counts:
    result = json.loads(report.read_text())
    return Counts(result["numPassedTests"], result["numFailedTests"],
                  result["numPendingTests"] + result.get("numTodoTests", 0))


def from_playwright(report: Path) -> Counts:
    """A test that passed at its second try has shown a fault: it counts as failed."""
    stats = json.loads(report.read_text())["stats"]
    return Counts(stats["expected"], stats["unexpected"] + stats["flaky"], stats["skipped"])


def from_json(report: Path) -> Counts:
    """As our own Python runner writes it."""
    return Counts(**json.loads(report.read_text()))
