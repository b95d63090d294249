import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from . import processes

# Says its child's pid and waits, as its child does, for its standard input to end.
PARENT = "import subprocess, sys; child = subprocess.Popen(['cat']); print(child.pid, flush=True); child.wait()"


class ProcessesTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.parent = self.enterContext(subprocess.Popen([sys.executable, "-c", PARENT], stdin=subprocess.PIPE,
                                                         stdout=subprocess.PIPE, text=True))
        self.addCleanup(self.parent.stdin.close)
        self.child = int(self.parent.stdout.readline())
        self.env = self.folder / "env"
        self.env.write_text(f"TIDEMARK_URL=http://127.0.0.1:1/?a=b\nTIDEMARK_POSTGRES_PID={self.parent.pid}\n")

    def test_children_go_by_the_name_of_their_parent(self):
        self.assertEqual(processes.of(self.env, ["postgres"]), {self.parent.pid: "postgres", self.child: "postgres"})

    def test_a_process_that_the_stack_has_not_is_named(self):
        with self.assertRaisesRegex(processes.Failed, "TIDEMARK_SYNK_PID"):
            processes.of(self.env, ["synk"])


if __name__ == "__main__":
    unittest.main()
