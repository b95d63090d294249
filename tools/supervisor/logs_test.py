import tempfile
import unittest
from pathlib import Path

from . import logs


class LogsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = Path(folder.name) / "sync.log"

    def test_a_full_log_is_set_aside_and_its_writer_goes_on(self):
        with open(self.log, "ab", buffering=0) as writer:
            writer.write(b"old line\n" * 3)
            logs.rotate(self.log, size_max=20)
            writer.write(b"new line\n")
        self.assertEqual(self.log.read_text(), "new line\n")
        self.assertEqual(self.log.with_name("sync.log.1").read_text(), "old line\n" * 3)

    def test_a_log_below_the_limit_is_left_alone(self):
        self.log.write_text("line\n")
        logs.rotate(self.log, size_max=20)
        self.assertEqual(self.log.read_text(), "line\n")
        self.assertFalse(self.log.with_name("sync.log.1").exists())

    def test_the_tail_is_the_last_lines(self):
        self.log.write_text("1\n2\n3\n")
        self.assertEqual(logs.tail(self.log, lines=2), "2\n3")
        self.assertEqual(logs.tail(self.log.with_name("none.log")), "")
