import tempfile
import unittest
from pathlib import Path

from . import counts
from .counts import Counts


class CountsTest(unittest.TestCase):
    def report(self, text: str) -> Path:
        file = tempfile.NamedTemporaryFile("w", delete=False)
        self.addCleanup(Path(file.name).unlink)
        with file:
            file.write(text)
        return Path(file.name)

    def test_the_summary_names_skipped_tests_only_if_there_are_any(self):
        self.assertEqual(str(Counts(3, 1)), "3 passed, 1 failed")
        self.assertEqual(str(Counts(3, 0, 2)), "3 passed, 0 failed, 2 skipped")

    def test_ctest(self):
        report = self.report('<testsuite tests="10" failures="2" disabled="0" skipped="1"><testcase name="Good"/>'
                             '<testcase name="Bad"><failure/></testcase><testcase name="Worse"><failure/></testcase>'
                             "</testsuite>")
        self.assertEqual(counts.of_report(report, 8, counts.from_junit), Counts(7, 2, 1, ("Bad", "Worse")))

    def test_vitest(self):
        report = self.report('{"numPassedTests": 5, "numFailedTests": 1, "numPendingTests": 0, "numTodoTests": 0,'
                             '"testResults": [{"assertionResults": [{"fullName": "bad", "status": "failed"},'
                             '{"fullName": "good", "status": "passed"}]}]}')
        self.assertEqual(counts.of_report(report, 1, counts.from_vitest), Counts(5, 1, 0, ("bad",)))

    def test_a_flaky_browser_test_has_failed(self):
        report = self.report('{"stats": {"expected": 2, "unexpected": 0, "flaky": 1, "skipped": 0},'
                             '"suites": [{"specs": [], "suites": [{"specs": ['
                             '{"title": "shaky", "tests": [{"status": "flaky"}]},'
                             '{"title": "good", "tests": [{"status": "expected"}]}]}]}]}')
        self.assertEqual(counts.of_report(report, 0, counts.from_playwright), Counts(2, 1, 0, ("shaky",)))

    def test_a_tool_that_crashed_after_its_last_test_has_failed(self):
        report = self.report('{"passed": 5, "failed": 0, "skipped": 0}')
        self.assertEqual(counts.of_report(report, 139, counts.from_json), Counts(5, 1))

    def test_a_tool_that_left_no_report_has_failed(self):
        self.assertEqual(counts.of_report(Path("/nowhere"), 1, counts.from_json), Counts(0, 1))
