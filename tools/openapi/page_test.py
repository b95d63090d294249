import re
import unittest
from html.parser import HTMLParser

from . import document, page, text

DOCUMENT = document.load()
VOID = {"meta", "link", "br"}


class Outline(HTMLParser):
    """What a page is made of. Elements that are closed out of turn fail."""

    def __init__(self, source: str):
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(source)
        assert not self._open, self._open

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        values = dict(attributes)
        self.ids += [values["id"]] if "id" in values else []
        self.links += [values["href"]] if "href" in values else []
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag, f"</{tag}> out of turn, line {self.getpos()[0]}"


class PageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.source = page.render(DOCUMENT)
        cls.outline = Outline(cls.source)

    def test_each_operation_has_a_place_of_its_own(self):
        for _, _, operation in document.operations(DOCUMENT):
            self.assertEqual(self.outline.ids.count(operation["operationId"]), 1, operation["operationId"])

    def test_each_link_into_the_page_leads_somewhere_and_no_id_is_there_twice(self):
        inside = {link[1:] for link in self.outline.links if link.startswith("#")}
        self.assertEqual(inside - set(self.outline.ids), set())
        self.assertEqual(len(self.outline.ids), len(set(self.outline.ids)))

    def test_nothing_comes_from_elsewhere_and_nothing_is_inline(self):
        outside = {link for link in self.outline.links if not link.startswith("#")}
        self.assertEqual(outside, {"/docs/style.css", "/openapi.json", "/favicon.svg"})
        for tag, attributes in self.outline.elements:
            self.assertNotIn(tag, ("script", "style", "img", "iframe"))
            self.assertFalse([name for name in attributes if name in ("style", "src") or name.startswith("on")])

    def test_tables_tell_screen_readers_what_their_heads_are_about(self):
        for tag, attributes in self.outline.elements:
            if tag == "th":
                self.assertIn(attributes.get("scope"), ("col", "row"))
        tables = [tag for tag, _ in self.outline.elements].count("table")
        self.assertEqual([tag for tag, _ in self.outline.elements].count("caption"), tables)

    def test_each_error_code_is_told_where_it_can_occur(self):
        article = re.search(r'<article aria-labelledby="register">.*?</article>', self.source, re.DOTALL)[0]
        self.assertIn("email_taken", article)
        self.assertNotIn("token_reused", article)

    def test_what_a_description_says_is_never_markup(self):
        self.assertEqual(text.inline("a < b & `<c>` **d**"),
                         "a &lt; b &amp; <code>&lt;c&gt;</code> <strong>d</strong>")
        self.assertEqual(text.blocks("One\nline.\n\n- a;\n- b."), "<p>One\nline.</p>\n<ul><li>a;</li><li>b.</li></ul>")
