"""How many tests passed, failed and were skipped, and which failed, read from each tool's own report."""

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: tuple[str, ...] = ()  # the names, where the tool tells them

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped,
                      self.failures + other.failures)

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
    failures = tuple(case.get("name", "") for case in suite.iter("testcase") if case.find("failure") is not None)
    return Counts(number["tests"] - number["failures"] - skipped, number["failures"], skipped, failures)


def from_vitest(report: Path) -> Counts:
    result = json.loads(report.read_text())
    failures = tuple(test["fullName"] for file in result["testResults"] for test in file["assertionResults"]
                     if test["status"] == "failed")
    return Counts(result["numPassedTests"], result["numFailedTests"],
                  result["numPendingTests"] + result.get("numTodoTests", 0), failures)


def from_playwright(report: Path) -> Counts:
    """A test that passed at its second try has shown a fault: it counts as failed."""
    result = json.loads(report.read_text())
    stats = result["stats"]
    return Counts(stats["expected"], stats["unexpected"] + stats["flaky"], stats["skipped"],
                  tuple(_failed_specs(result["suites"])))


def _failed_specs(suites: list) -> Iterator[str]:
    for suite in suites:
        for spec in suite.get("specs", ()):
            if any(test["status"] in ("unexpected", "flaky") for test in spec["tests"]):
                yield spec["title"]
        yield from _failed_specs(suite.get("suites", ()))


def from_json(report: Path) -> Counts:
    """As our own Python runners write it."""
    found = json.loads(report.read_text())
    return Counts(found["passed"], found["failed"], found["skipped"], tuple(found.get("failures", ())))
