import unittest

from . import document, tables
from .samples import Outcome, Sample, Series


class TablesTest(unittest.TestCase):
    def test_numbers_keep_three_digits(self):
        self.assertEqual([tables.number(value) for value in (0.0123, 1.234, 12.34, 12345.6)],
                         ["0.012", "1.23", "12.3", "12,346"])

    def test_columns_are_as_wide_as_their_widest_cell(self):
        self.assertEqual(tables.table(("a", "rate"), [["check", "1"]]),
                         "| a     | rate |\n| ----- | ---- |\n| check | 1    |\n")

    def test_a_work_s_row_shows_each_process_and_its_errors(self):
        series = Series([Sample(Outcome(1000, 2.0, 3, {"p50": 1.0}), {"gateway": 0.1, "sync": 0.2})])
        row = tables.of_work({"check": series}).splitlines()[-1]
        self.assertEqual([cell.strip() for cell in row.strip("|").split("|")],
                         ["check", "500", "1.00", "", "", "0.300", "0.100", "0.200", "0", "0", "0", "0",
                          "0%", "3"])


class DocumentTest(unittest.TestCase):
    BEGIN, END = "<!-- bench/run writes this part: goals -->", "<!-- end of goals -->"

    def test_a_part_is_replaced_and_what_is_around_it_stays(self):
        before = f"# By hand\n{self.BEGIN}\nold\n{self.END}\nmore\n"
        self.assertEqual(document.replace(before, "goals", "new \\1\n"),
                         f"# By hand\n{self.BEGIN}\nnew \\1\n{self.END}\nmore\n")

    def test_a_document_without_the_part_s_marks_is_not_touched(self):
        with self.assertRaises(document.NoMarks):
            document.replace(f"{self.BEGIN}\n", "goals", "new")
