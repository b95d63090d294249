import unittest

from .goals import Row


class GoalsTest(unittest.TestCase):
    def row(self, measured: float, floor: float | None = None) -> Row:
        return Row("W1", measured, "ms", must=1.6, aim=0.8, floor=floor)

    def test_a_bound_itself_is_met(self):
        self.assertEqual(self.row(0.8).verdict, "aim met")
        self.assertEqual(self.row(1.6).verdict, "must met")
        self.assertEqual(self.row(1.61).verdict, "**missed**")

    def test_with_a_floor_the_ratio_is_judged(self):
        self.assertEqual(self.row(0.12, floor=0.08).verdict, "must met")
        self.assertEqual(self.row(0.12, floor=0.08).cells(),
                         ["W1", "≤ 1.6x", "≤ 0.8x", "0.080 ms", "0.120 ms", "1.50x", "must met"])

    def test_without_bounds_nothing_is_judged(self):
        self.assertEqual(Row("W1, for the Node peer", 12.3, "ms").cells(),
                         ["W1, for the Node peer", "", "", "", "12.3 ms", "", "measured elsewhere"])
