import unittest
from xml.etree import ElementTree

from . import svg
from .stacks import Frame, Stack

MAIN, READ, WRITE = Frame("main", "program"), Frame("read", "kernel"), Frame("std::less<int>", "libc")
COUNTS = {
    Stack("sync", "loop", (MAIN, READ), True): 75,
    Stack("sync", "loop", (MAIN, WRITE), True): 25,
}
ALL = svg.WIDTH - 2 * svg.MARGIN
NAMESPACE = "{http://www.w3.org/2000/svg}"


def placed(counts) -> dict[str, svg.Box]:
    return {box.frame.function: box for box in svg.boxes(svg.tree(counts))}


class SvgTest(unittest.TestCase):
    def test_widths_are_shares(self):
        found = placed(COUNTS)
        for name, width in (("all", 1), ("sync", 1), ("main", 1), ("read", 0.75), ("std::less<int>", 0.25)):
            self.assertAlmostEqual(found[name].width, ALL * width, msg=name)

    def test_a_caller_is_right_below_whom_it_calls(self):
        found = placed(COUNTS)
        self.assertEqual([found[name].row for name in ("all", "sync", "thread loop", "main", "read")], [0, 1, 2, 3, 4])

    def test_the_widest_comes_first_whatever_the_order_of_the_samples(self):
        for counts in (COUNTS, dict(reversed(COUNTS.items()))):
            found = placed(counts)
            self.assertEqual(found["read"].x, svg.MARGIN)
            self.assertAlmostEqual(found["std::less<int>"].x, svg.MARGIN + 0.75 * ALL)

    def test_what_is_too_narrow_to_see_is_left_out_with_all_above_it(self):
        rare = Stack("sync", "loop", (Frame("rare", "program"), Frame("rarer", "program")), True)
        self.assertNotIn("rare", placed(COUNTS | {rare: 0.1}))
        self.assertNotIn("rarer", placed(COUNTS | {rare: 0.1}))

    def test_it_is_xml_with_a_title_for_each_box_and_no_script(self):
        root = ElementTree.fromstring(svg.draw(COUNTS, "a <title>"))
        titles = [title.text for title in root.iter(f"{NAMESPACE}title")]
        self.assertIn("read (75.0 %, kernel)", titles)
        self.assertIn("std::less<int> (25.0 %, libc)", titles)
        self.assertEqual(list(root.iter(f"{NAMESPACE}script")), [])
        self.assertIn("a <title>", [text.text for text in root.iter(f"{NAMESPACE}text")])

    def test_the_legend_says_how_much_of_the_time_was_in_each_library(self):
        labels = [text.text for text in ElementTree.fromstring(svg.draw(COUNTS, "")).iter(f"{NAMESPACE}text")]
        for label in ("kernel 75 %", "libc 25 %", "program 0 %"):
            self.assertIn(label, labels)

    def test_a_profile_of_nothing_is_drawn_too(self):
        ElementTree.fromstring(svg.draw({}, "idle"))


if __name__ == "__main__":
    unittest.main()
