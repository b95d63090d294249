import re
import unittest
from html.parser import HTMLParser

from . import account, made_up_days, report_page
from .tables import Notes, Table

VOID = {"meta", "br", "hr", "img", "link", "input"}


class Balance(HTMLParser):
    """Whether each element is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


class PageTest(unittest.TestCase):
    def page(self, **instead) -> str:
        days = made_up_days.all_days(**instead)
        return report_page.of(account.of_all(days), days)

    def test_every_element_is_closed_in_its_order(self):
        balance = Balance()
        balance.feed(self.page())
        balance.close()
        self.assertEqual((balance.open, balance.wrong), ([], []))

    def test_nothing_comes_from_elsewhere_and_nothing_runs(self):
        text = self.page()
        self.assertNotRegex(text, r"https?://|//\w+\.|@import|url\(")
        self.assertNotRegex(text, r"<(script|link|img|iframe|object)\b|\bon\w+=|\bsrc=|\bhref=")
        self.assertIn("Content-Security-Policy\" content=\"default-src 'none'", text)

    def test_it_has_light_and_dark_and_fits_a_phone(self):
        text = self.page()
        self.assertIn("prefers-color-scheme: dark", text)
        self.assertIn('name="viewport"', text)

    def test_each_table_and_each_plot_is_there(self):
        text = self.page()
        self.assertEqual(text.count("<table>"), 5)
        self.assertEqual(text.count("<figure>"), 9)
        self.assertEqual(text.count('<table class="numbers">'), 9)

    def test_what_is_told_is_text_and_not_html(self):
        told = account.Account("a < b", [Table("c < d", ("e < f",), [["**g** < h"]])], Notes(["i < `j`"]), ["k < l"])
        text = report_page.of(told, made_up_days.all_days())
        self.assertEqual(re.findall(r"\w < \w", text), [])
        for written in ("a &lt; b", "c &lt; d", "e &lt; f", "<strong>g</strong> &lt; h", "i &lt; <code>j</code>", "k &lt; l"):
            self.assertIn(written, text)

    def test_a_lost_edit_stands_at_the_top(self):
        lost = made_up_days.result("devices", devices=2.0, edits_made=5, edits_stored=4, edits_lost=1)
        text = self.page(devices=lost)
        self.assertLess(text.index("devices: 1 edits lost"), text.index("<h2>"))


if __name__ == "__main__":
    unittest.main()
