import subprocess
import tempfile
import unittest
from pathlib import Path

from backups import Failed, archive


class ArchiveTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.path = self.folder / "a.dump"

    def write(self, text: str = "all of it") -> None:
        archive.write(self.path, lambda partial: partial.write_text(text))

    def test_what_was_written_is_found_whole(self):
        self.write()
        archive.verify(self.path)
        self.assertEqual(self.path.read_text(), "all of it")

    def test_sha256sum_finds_it_whole_too(self):
        self.write()
        done = subprocess.run(["sha256sum", "--check", "a.dump.sha256"], cwd=self.folder, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, "a.dump: OK\n"))

    def test_a_byte_that_changed_is_noticed(self):
        self.write()
        self.path.write_text("all of iT")
        with self.assertRaisesRegex(Failed, "not what was written"):
            archive.verify(self.path)

    def test_an_end_that_is_missing_is_noticed(self):
        self.write()
        self.path.write_text("all of")
        with self.assertRaisesRegex(Failed, "not what was written"):
            archive.verify(self.path)

    def test_an_empty_checksum_is_no_checksum(self):
        self.write()
        (self.folder / "a.dump.sha256").write_text("")
        with self.assertRaisesRegex(Failed, "not what was written"):
            archive.verify(self.path)

    def test_a_file_without_its_checksum_is_not_trusted(self):
        self.path.write_text("whatever")
        with self.assertRaisesRegex(Failed, r"no file .*a\.dump\.sha256"):
            archive.verify(self.path)

    def test_a_backup_that_breaks_off_leaves_nothing(self):
        def break_off(partial: Path) -> None:
            partial.write_text("half")
            raise KeyboardInterrupt
        with self.assertRaises(KeyboardInterrupt):
            archive.write(self.path, break_off)
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_a_backup_that_is_there_is_not_overwritten(self):
        self.write("the first")
        with self.assertRaisesRegex(Failed, "is there already"):
            self.write("the second")
        archive.verify(self.path)
        self.assertEqual(self.path.read_text(), "the first")


if __name__ == "__main__":
    unittest.main()
