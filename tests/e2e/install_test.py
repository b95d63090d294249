"""The client library as another project finds it: installed, with find_package."""

import os
import re
import subprocess
import unittest
import uuid
from pathlib import Path

from client import PASSWORD
from stack import ROOT, Stack, scratch

PRESET = os.environ.get("TIDEMARK_PRESET", "release")


@unittest.skipUnless(PRESET == "release", "a sanitized library asks others to build with the sanitizer, too")
class InstallTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = scratch("install")
        cls.prefix = cls.folder / "prefix"
        cls.run_well("cmake", "--install", ROOT / "build" / PRESET, "--prefix", cls.prefix, "--component", "client")

    @staticmethod
    def run_well(*argv: str | Path) -> str:
        done = subprocess.run(argv, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def test_a_project_of_its_own_finds_the_library_and_runs_with_it(self):
        build = self.folder / "build"
        self.run_well("cmake", "-G", "Ninja", "-S", ROOT / "examples" / "client", "-B", build,
                      f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.run_well("cmake", "--build", build)
        env = Stack.shared().env()
        said = self.run_well(build / "two-devices", env["TIDEMARK_SYNC_ADDRESS"], env["TIDEMARK_AUTH_ADDRESS"],
                             self.folder / "devices", f"{uuid.uuid4().hex}@example.com", PASSWORD)
        self.assertEqual(said, "Buy milk\n")

    def test_public_headers_need_nothing_but_abseil_and_each_other(self):
        headers = list((self.prefix / "include").rglob("*.h"))
        self.assertIn(self.prefix / "include/tidemark/client/sync_manager.h", headers)
        for header in headers:
            for include in re.findall(r'#include [<"]([^>"]+)[>"]', header.read_text()):
                allowed = re.fullmatch(r"[a-z_]+|absl/.+", include) or (self.prefix / "include" / include).is_file()
                self.assertTrue(allowed, f"{header.name} includes {include}")
