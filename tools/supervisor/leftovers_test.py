import subprocess
import tempfile
import unittest
from pathlib import Path

from . import leftovers


class LeftoversTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()
        self.inside = self.folder / "inside"
        self.inside.mkdir()

    def sleeper_in(self, cwd: Path) -> subprocess.Popen:
        process = subprocess.Popen(["/bin/sleep", "60"], cwd=cwd)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def test_only_the_named_programs_that_work_in_the_folder_are_found(self):
        mine = self.sleeper_in(self.inside)
        self.sleeper_in(Path("/"))
        self.assertEqual(leftovers.processes_in(self.folder, ["sleep"]), [mine.pid])
        self.assertEqual(leftovers.processes_in(self.folder, ["bash"]), [])

    def test_what_does_not_go_by_itself_is_killed(self):
        process = self.sleeper_in(self.inside)
        leftovers.end(self.folder, ["sleep"])
        self.assertEqual(leftovers.processes_in(self.folder, ["sleep"]), [])
        self.assertEqual(process.wait(), -9)
