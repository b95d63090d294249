import unittest

from . import requirements

TEXTS = {
    "a/merge_test.cc": """
const Case kFastForward[] = {
    {.name = "TakesTheVersionSent",
    {"IsShort", 1},
};
INSTANTIATE_TEST_SUITE_P(FastForward, MergeTable, testing::ValuesIn(kFastForward));
TEST(Merge, IsPure) {}
TEST_F(Fixture, Holds) {}
TEST_P(Contract, Holds) {}
TYPED_TEST_P(TypedContract, Holds) {}
// TEST that a Retried change is none.
""",
    "b/tasks_test.py": "    def test_a_task_appears(self):\n",
    "c/queue.test.ts": "test('an edit, once sent, is frozen', () => {\n",
    "c/edits.json": '{\n      "name": "an edit is sent soon",\n',
    "d/laws.cc": 'Break("stamps rise", what);\n',
    "a/same_test.cc": "TEST(Same, Name) {}\n",
    "b/same_test.cc": "TEST(Same, Name) {}\n",
}


def document(*rows: str) -> list[str]:
    """Rows about SPEC 3.1, one sound row about each other section."""
    lines = ["# Requirements", "## 3.1 Task", "| Demand | Held by |", "|---|---|", *rows]
    for section in requirements.SECTIONS:
        if section == "3.1":
            continue
        lines += [f"## {section} Of it", "| Demand | Held by |", "|---|---|", "| pure | `merge_test.cc` Merge.IsPure |"]
    return lines


class RequirementsTest(unittest.TestCase):
    def found(self, *rows: str) -> list[str]:
        return list(requirements.violations(document(*rows), TEXTS))

    def assert_kept(self, cell: str):
        self.assertEqual(self.found(f"| a demand | {cell} |"), [])

    def assert_broken(self, cell: str, fault: str):
        self.assertEqual(self.found(f"| a demand | {cell} |"), [f"docs/requirements.md:5: {fault}"])

    def test_tests_of_every_kind_are_found(self):
        for cell in ("`merge_test.cc` Merge.IsPure", "`merge_test.cc` Fixture.Holds", "`merge_test.cc` Contract.Holds",
                     "`merge_test.cc` TypedContract.Holds",
                     "`merge_test.cc` FastForward/TakesTheVersionSent", "`merge_test.cc` FastForward/IsShort",
                     "`tasks_test.py` test_a_task_appears", '`queue.test.ts` "an edit, once sent, is frozen"',
                     '`edits.json` "an edit is sent soon"',
                     '`laws.cc` "stamps rise"'):
            with self.subTest(cell):
                self.assert_kept(cell)

    def test_several_tests_of_several_files_are_found(self):
        self.assert_kept("`merge_test.cc` Merge.IsPure · Fixture.Holds · `tasks_test.py` test_a_task_appears")

    def test_a_test_that_is_not_there_is_named(self):
        for name in ("Merge.IsPureNot", "Merge.IsPur", "Fixture.IsPure", "FastForward/Retried", "Other/IsShort",
                     "test_a_task_appears", '"stamps rise"', "IsPure", "Retried change"):
            with self.subTest(name):
                self.assert_broken(f"`merge_test.cc` {name}", f"no {name} in a/merge_test.cc")

    def test_the_second_test_of_a_row_is_looked_for_too(self):
        self.assert_broken("`merge_test.cc` Merge.IsPure · Merge.Gone", "no Merge.Gone in a/merge_test.cc")

    def test_a_file_that_is_not_there_is_named(self):
        self.assert_broken("`gone_test.cc` Merge.IsPure", "no file named gone_test.cc")

    def test_a_file_name_that_is_there_twice_is_named(self):
        self.assert_broken("`same_test.cc` Same.Name", "2 files named same_test.cc")

    def test_a_demand_without_a_test_is_named(self):
        self.assert_broken("the reader's good will", "names no test: the reader's good will")

    def test_a_section_without_rows_is_named(self):
        self.assertEqual(self.found(), ["docs/requirements.md: no row about SPEC 3.1"])
