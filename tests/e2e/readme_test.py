"""What the README tells a newcomer to paste prints what it says."""

import os
import re
import subprocess
import unittest

from stack import ROOT, Stack


class ReadmeTest(unittest.TestCase):
    def test_the_commands_of_the_readme_print_its_transcript(self):
        [(commands, transcript)] = re.findall(
            r"<!-- tests/e2e/readme_test.py runs this block. -->\n```sh\n(.*?)```\n.*?\n```\n(.*?)```",
            (ROOT / "README.md").read_text(), re.DOTALL)
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], capture_output=True, text=True,
                              env=os.environ | {"TIDEMARK_URL": Stack.shared().url})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(without_times(done.stdout), without_times(transcript))


def without_times(text: str) -> str:
    return re.sub(r"\d{13}", "TIME", text)
