import unittest

from . import texts


class TextsTest(unittest.TestCase):
    def assert_broken(self, path: str, *lines: str):
        self.assertEqual(len(list(texts.violations(path, lines))), 1, f"{path}: {lines}")

    def assert_kept(self, path: str, *lines: str):
        self.assertEqual(list(texts.violations(path, lines)), [])

    def test_a_header_says_pragma_once(self):
        self.assert_broken("a.h", "int x;")
        self.assert_kept("a.h", "#pragma once")

    def test_a_file_of_code_is_no_longer_than_the_limit(self):
        self.assert_kept("a.cc", *["x"] * texts.LINES_MAX)
        self.assert_broken("a.cc", *["x"] * (texts.LINES_MAX + 1))
        self.assert_kept("package-lock.json", *["x"] * (texts.LINES_MAX + 1))

    def test_marks_for_later_are_found(self):
        self.assert_broken("a.cc", "// TO" "DO: later")
        self.assert_kept("a.cc", "// the TODOMVC example")

    def test_paths_of_one_machine_are_found_in_any_file(self):
        self.assert_broken("README.md", "cd /wo" "rk/main")
        self.assert_broken("run", "exec /home/" "somebody/x")
        self.assert_kept("README.md", "see docs/work/flow.md and https://example.com/work/x")

    def test_registry_addresses_are_found_in_lockfiles(self):
        self.assert_broken("web/package-lock.json", '"resolved": ' '"https://registry/x.tgz"')

    def test_sleeps_and_switched_off_tests_are_found(self):
        self.assert_broken("a_test.cc", "absl::Sleep" "For(absl::Seconds(1));")
        self.assert_kept("a.cc", "absl::Sleep" "For(absl::Seconds(1));")
        self.assert_kept("a_redistest.cc", "absl::Sleep" "For(absl::Milliseconds(5));")
        self.assert_broken("a_test.cc", "TEST(A, DIS" "ABLED_B) {}")
