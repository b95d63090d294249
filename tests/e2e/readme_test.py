"""What the README shows is what happens."""

import os
import re
import subprocess
import unittest

from stack import ROOT, Stack


class Readme(unittest.TestCase):
    def test_the_pasted_commands_carry_a_task_from_the_laptop_to_the_phone(self):
        block = re.search(r"readme_test\.py runs this block\. -->\n```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.S)
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block.group(1)],
            env={**os.environ, "TIDEMARK_URL": Stack.shared().url},
            capture_output=True,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        pushed, check, pulled, check_again = done.stdout.splitlines()
        self.assertIn('"updates":[]', pushed)
        self.assertEqual(check, "200")
        self.assertIn('"content":"Buy milk"', pulled)
        self.assertEqual(check_again, "304")


if __name__ == "__main__":
    unittest.main()
