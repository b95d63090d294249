import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from .data_dir import DataDir, format_env, parse_env, write_private


class DataDirTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = Path(folder.name) / "data"

    def test_a_secret_is_the_same_at_the_next_run_and_unlike_any_other(self):
        first = DataDir(self.path).secret("a")
        again = DataDir(self.path)
        self.assertEqual(again.secret("a"), first)
        self.assertNotEqual(again.secret("b"), first)
        self.assertEqual(len(first), 64)

    def test_files_with_secrets_are_readable_by_their_owner_alone(self):
        data = DataDir(self.path)
        data.secret("a")
        self.assertEqual((self.path / "secrets").stat().st_mode & 0o777, 0o600)

    def test_a_private_file_is_replaced_whole(self):
        target = DataDir(self.path).env_file
        write_private(target, "A=1\nB=2\n")
        write_private(target, "A=3\n")
        self.assertEqual(target.read_text(), "A=3\n")
        self.assertEqual(list(self.path.glob("env*")), [target])

    def test_env_lines_read_back_as_written(self):
        values = {"TIDEMARK_URL": "http://127.0.0.1:1", "TIDEMARK_POSTGRES_URL": "postgresql://a:b=@h/d?x=y"}
        self.assertEqual(parse_env(format_env(values)), values)

    def hold_elsewhere(self) -> subprocess.Popen:
        script = ("import sys; from pathlib import Path; from supervisor.data_dir import DataDir;"
                  "d = DataDir(Path(sys.argv[1])); print(d.lock(), flush=True); sys.stdin.read()")
        holder = subprocess.Popen([sys.executable, "-c", script, str(self.path)], text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(holder.communicate)
        self.addCleanup(holder.kill)
        self.assertEqual(holder.stdout.readline(), "True\n")
        return holder

    def test_a_second_supervisor_cannot_take_the_directory_and_learns_who_has_it(self):
        holder = self.hold_elsewhere()
        data = DataDir(self.path)
        self.assertFalse(data.lock())
        self.assertEqual(data.lock_holder(), holder.pid)

    def test_a_killed_supervisor_frees_the_directory(self):
        holder = self.hold_elsewhere()
        holder.kill()
        holder.wait()
        data = DataDir(self.path)
        self.assertIsNone(data.lock_holder())
        self.assertTrue(data.lock())
        self.addCleanup(data.unlock)
