import unittest
from xml.etree import ElementTree

from . import made_up_days, plots
from .drawing import HEIGHT, WIDTH, Axis, Line, Mark, Plot, round_steps, svg


class DrawingTest(unittest.TestCase):
    def test_an_axis_ends_at_a_round_number_above_the_highest_value(self):
        self.assertEqual(round_steps(0)[-1], 5)
        self.assertEqual(round_steps(5), [0, 1, 2, 3, 4, 5])
        self.assertEqual(round_steps(9_200)[-1], 10_000)
        self.assertEqual(round_steps(1_234)[-1], 1_500)

    def test_lines_stay_within_the_picture_and_names_are_escaped(self):
        plot = Plot("a < b", "in 10 minutes", Axis(["0:00", "0:10"], [(0, "0:00")]), [Line("x & y", [0, 7])],
                    [Mark("quota", 12)])
        drawn = ElementTree.fromstring(svg(plot))
        points = next(part.get("points") for part in drawn if part.tag == "polyline").split()
        for point in points:
            x, y = map(float, point.split(","))
            self.assertTrue(0 <= x <= WIDTH and 0 <= y <= HEIGHT, point)
        self.assertIn("0:10: x & y 7", [title.text for title in drawn.iter("title")])


class PlotsTest(unittest.TestCase):
    def setUp(self):
        self.plots = {plot.title: plot for plot in plots.of(made_up_days.all_days())}

    def test_requests_of_a_quota_are_summed_from_midnight_to_midnight(self):
        plot = self.plots["A day with too small a quota, and the next: requests"]
        requests = plot.lines[0].values
        self.assertAlmostEqual(requests[143], 3200)
        self.assertLess(requests[144], 100)
        self.assertAlmostEqual(requests[287], 3200)
        self.assertEqual([(mark.value, mark.until) for mark in plot.marks], [(3000, 0.5), (2700, 0.5)])

    def test_each_place_of_each_plot_has_a_value_of_each_line(self):
        for plot in self.plots.values():
            for line in plot.lines:
                self.assertEqual(len(line.values), len(plot.axis.names), f"{plot.title}: {line.name}")


if __name__ == "__main__":
    unittest.main()
