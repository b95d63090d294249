"""What the README tells a newcomer to paste prints what it says."""

import os
import re
import subprocess
import unittest

from command import PROGRAM
from stack import ROOT, Stack


class ReadmeTest(unittest.TestCase):
    def test_the_commands_of_the_readme_print_its_transcripts(self):
        blocks = re.findall(
            r"<!-- tests/e2e/readme_test.py runs this block. -->\n```sh\n(.*?)```\n.*?\n```\n(.*?)```",
            (ROOT / "README.md").read_text(), re.DOTALL)
        self.assertEqual(len(blocks), 2)
        served = Stack.shared().env()
        env = os.environ | {name: served[name] for name in ("TIDEMARK_URL", "TIDEMARK_SERVER")}
        for commands, transcript in blocks:
            with self.subTest(commands.splitlines()[0]):
                commands = commands.replace("build/release/bin/tidemark", str(PROGRAM))
                done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], capture_output=True, text=True, env=env)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual(without_chance(done.stdout), without_chance(transcript))


def without_chance(text: str) -> str:
    """Without times, addresses and short ids."""
    return re.sub(r"\b[0-9a-f]{4,6}(?=  | Buy)", "ID", re.sub(r"ada-\d+@", "ada@", re.sub(r"\d{13}", "TIME", text)))
