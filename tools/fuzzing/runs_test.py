import re
import unittest
from pathlib import Path

from . import runs

OUTPUT = """INFO: seed corpus: files: 31
#20000\tDONE   cov: 812 ft: 3021 corp: 210/9Kb lim: 1020 exec/s: 5000 rss: 60Mb
Done 20000 runs in 4 second(s)
stat::number_of_executed_units: 20000
"""
CRASH = """#7\tNEW    cov: 12
Does not hold: an answer is UTF-8
==42== ERROR: libFuzzer: deadly signal
artifact_prefix='build/fuzz/found/encode-'; Test unit written to build/fuzz/found/encode-crash-1234
"""


class FuzzingTest(unittest.TestCase):
    def test_every_target_has_a_corpus_a_number_of_runs_and_a_program(self) -> None:
        folders = sorted(path.name for path in runs.CORPUS.iterdir())
        cmake = (runs.SOURCES / "CMakeLists.txt").read_text()
        built = re.search(r"foreach\(name ([^)]*)\)", cmake)[1].split()
        self.assertEqual(folders, runs.targets())
        self.assertEqual(sorted(runs.RUNS), runs.targets())
        self.assertEqual(sorted(built), runs.targets())

    def test_no_corpus_is_empty(self) -> None:
        for target in runs.targets():
            self.assertTrue(any((runs.CORPUS / target).iterdir()), target)

    def test_a_short_run_is_the_same_each_time_and_leaves_the_corpus_alone(self) -> None:
        command = runs.argv(Path("bin"), "encode", 0, Path("new"))
        self.assertIn("-seed=1", command)
        self.assertIn("-runs=3000", command)
        self.assertEqual(command[-2:], [Path("new"), runs.CORPUS / "encode"])

    def test_a_long_run_is_bounded_by_time_alone(self) -> None:
        command = runs.argv(Path("bin"), "encode", 60, Path("new"))
        self.assertIn("-max_total_time=60", command)
        self.assertFalse([part for part in command if str(part).startswith(("-seed", "-runs"))])

    def test_a_success_says_what_was_tried(self) -> None:
        self.assertEqual(runs.told_of_success("encode", 31, OUTPUT, 4.04),
                         "encode: every claim held for 20,000 inputs, made from 31 of the corpus, at 812 places of the"
                         " code (4.0 s)")

    def test_a_failure_names_the_claim_and_how_to_see_it_again(self) -> None:
        told = runs.told_of_failure("encode", CRASH)
        self.assertIn("  Does not hold: an answer is UTF-8\n", told)
        self.assertIn("  again: build/fuzz/bin/fuzz_encode build/fuzz/found/encode-crash-1234\n", told)


if __name__ == "__main__":
    unittest.main()
