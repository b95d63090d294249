"""What ./run says to folders that cannot be."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

TOOLS = Path(__file__).resolve().parents[1]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "supervisor", *arguments], capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(TOOLS)}, timeout=60)


class ArgumentsTest(unittest.TestCase):
    def test_a_folder_that_cannot_be_made_is_said_in_a_line(self):
        done = run("--data", "/proc/x")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^run: /proc/x cannot be used: [^\n]+\n$")

    def test_stopping_what_was_never_started_is_an_error_and_what_has_stopped_none(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual(run("--stop", "--data", folder).returncode, 0)
            done = run("--stop", "--data", f"{folder}/mistyped")
        self.assertEqual(done.returncode, 1)
        self.assertIn("mistyped", done.stderr)
