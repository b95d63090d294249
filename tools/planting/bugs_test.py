import tomllib
import unittest
from pathlib import Path

from planting import bugs, table

ROOT = Path(__file__).resolve().parent.parent.parent
BUGS = bugs.parse(tomllib.loads((ROOT / "tests" / "simulation" / "bugs.toml").read_text()))
REPORT = "seed 7, step 42: stamps rise: t1 has 9\nThe same with 5 of 43 events:\n0  …\n"


class ListOfBugs(unittest.TestCase):
    def test_each_can_be_planted_in_the_code_as_it_is(self):
        for bug in BUGS:
            with self.subTest(bug.name):
                text = (ROOT / bug.file).read_text()
                self.assertNotEqual(bugs.planted(text, bug), text)

    def test_names_are_unique(self):
        self.assertEqual(len({bug.name for bug in BUGS}), len(BUGS))

    def test_one_that_fits_nowhere_or_twice_is_refused(self):
        bug = bugs.Bug("b", "f", "x", "y")
        for text in ("", "x x"):
            with self.assertRaises(ValueError):
                bugs.planted(text, bug)


class Outcome(unittest.TestCase):
    def test_names_seed_step_law_and_length(self):
        self.assertEqual(bugs.outcome(REPORT), bugs.Outcome(7, 42, "stamps rise", 5))

    def test_is_nothing_where_no_law_was_broken(self):
        self.assertIsNone(bugs.outcome("no law broken: 100 seeds, 100000 steps, 250000 steps/s\n"))


class Table(unittest.TestCase):
    def test_takes_the_place_of_the_one_before(self):
        document = f"a\n{table.BEGIN}\nold\n{table.END}\nz\n"
        written = table.replaced(document, [(bugs.Bug("b", "f", "x", "y"), bugs.Outcome(7, 42, "stamps rise", 5))])
        self.assertIn("| b | `f` | 7 | 42 | 5 | stamps rise |", written)
        self.assertNotIn("old", written)
        self.assertTrue(written.startswith("a\n") and written.endswith("z\n"))


if __name__ == "__main__":
    unittest.main()
