import unittest

from . import million
from .million import Pair, Step
from .samples import Outcome, Sample, Series


def series(cpu_ms: float) -> Series:
    return Series([Sample(Outcome(1000, 1.0), {"sync": cpu_ms})])


def step(users: int, active_ms: float, everyone_ms: float | None) -> Step:
    everyone = None if everyone_ms is None else Pair(series(everyone_ms), series(everyone_ms))
    return Step(users, Pair(series(active_ms), series(active_ms)), everyone, 1 << 30, 1 << 20)


class MillionTest(unittest.TestCase):
    FEW, MANY = step(30_000, 0.2, None), step(1_000_000, 0.26, 0.3)

    def test_many_users_are_judged_against_few_whether_some_or_all_of_them_ask(self):
        verdicts = [line.split("|")[3:5] for line in million.of_ratios(self.FEW, self.MANY).splitlines()[2:]]
        self.assertEqual([[cell.strip() for cell in cells] for cells in verdicts],
                         [["1.30x", "met"]] * 2 + [["1.50x", "**missed**"]] * 2)

    def test_where_no_more_ask_than_few_there_is_one_row(self):
        rows = million.of_steps([self.FEW, self.MANY]).splitlines()[2:]
        self.assertEqual([[cell.strip() for cell in row.split("|")[1:3]] for row in rows],
                         [["30,000", "30,000"], ["1,000,000", "30,000"], ["1,000,000", "1,000,000"]])

    def test_relations_are_told_in_megabytes(self):
        self.assertIn("| tasks    | table | 1,024 | 10,000,000 |", million.of_sizes("tasks|r|1073741824|10000000\n"))
