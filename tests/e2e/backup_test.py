"""tools/backup and tools/restore: a database that is lost comes back, and devices go on."""

import shutil
import subprocess
import unittest
from pathlib import Path

from client import PASSWORD, User
from command import Command
from elsewhere import PROGRAMS, Elsewhere
from stack import ROOT, Stack, scratch
from supervisor import postgres

BACKUP, RESTORE = ROOT / "tools" / "backup", ROOT / "tools" / "restore"


def back_up(place: Elsewhere) -> Path:
    return Path(place.run_program(BACKUP, scratch("backups")).strip())


class RestoreTest(unittest.TestCase):
    def setUp(self):
        self.place = Elsewhere(Stack.shared(), "restored")
        self.addCleanup(self.place.close)

    def device_of(self, user: User) -> Command:
        device = Command(self.place.stack)
        device.ok("login", user.email, "--password-stdin", "--server", self.place.server, stdin=PASSWORD + "\n")
        return device

    def test_devices_go_on_after_a_restore_and_nothing_that_one_of_them_holds_is_lost(self):
        self.place.migrate()
        self.place.start()
        user = User(self.place.url)
        laptop, phone = self.device_of(user), self.device_of(user)
        milk, bread = laptop.add("Buy milk"), laptop.add("Buy bread")
        phone.ok("sync")
        backup = back_up(self.place)
        laptop.add("Made after the backup")
        laptop.ok("edit", milk, "Buy oat milk")
        laptop.ok("done", bread)

        self.place.end()
        self.place.make_anew()
        self.assertRegex(self.place.run_program(RESTORE, backup, "--programs", PROGRAMS), r"^epoch \w+ is now \w+\n$")
        self.place.start()
        laptop.ok("sync")
        phone.ok("sync")
        for device in (laptop, phone):
            tasks = {task["content"]: task["completed"] for task in device.json("ls", "--all")["tasks"]}
            self.assertEqual(tasks, {"Buy oat milk": False, "Buy bread": True, "Made after the backup": False})
        phone.add("Made after the restore")
        phone.ok("sync")
        laptop.ok("sync")
        self.assertIn("Made after the restore", laptop.contents())


class RefusalTest(unittest.TestCase):
    """Nobody serves here: one database has the schemas, the other is empty and stays so."""

    @classmethod
    def setUpClass(cls):
        cls.filled, cls.empty = (Elsewhere(Stack.shared(), name) for name in ("filled", "empty_one"))
        cls.filled.migrate()
        cls.backup = back_up(cls.filled)

    def assert_is_refused(self, backup: Path, why: str, programs: Path = PROGRAMS) -> None:
        done = self.empty.try_program(RESTORE, backup, "--programs", programs)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn(why, done.stderr)
        self.assertEqual(self.empty.sql("select nspname from pg_namespace where nspname in ('sync', 'auth')"), "")

    def test_a_restore_leaves_a_database_alone_that_is_not_empty(self):
        epoch = self.filled.sql("select epoch from sync.data_set")
        done = self.filled.try_program(RESTORE, self.backup, "--programs", PROGRAMS)
        self.assertEqual(done.returncode, 1)
        self.assertIn("not empty", done.stderr)
        self.assertEqual(self.filled.sql("select epoch from sync.data_set"), epoch)

    def test_a_restore_leaves_a_database_alone_that_somebody_uses(self):
        with subprocess.Popen([postgres.BIN / "psql", "-XAtq", self.empty.owner_url], text=True, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE) as somebody:
            print("select 'connected';", file=somebody.stdin, flush=True)
            self.assertEqual(somebody.stdout.readline(), "connected\n")
            self.assert_is_refused(self.backup, "tidemark_owner is connected")
            somebody.stdin.close()

    def test_a_restore_of_a_backup_that_was_altered_changes_nothing(self):
        altered = scratch("backups") / self.backup.name
        shutil.copy(self.backup.with_name(self.backup.name + ".sha256"), altered.parent)
        altered.write_bytes(self.backup.read_bytes()[:-1] + b"?")
        self.assert_is_refused(altered, "not what was written")

    def test_a_restore_that_breaks_off_changes_nothing(self):
        """The last table has a type that no backup of the two schemas holds."""
        self.filled.sql("create type public.mood as enum ('sad'); create table sync.zzz (mood public.mood)")
        self.addCleanup(lambda: self.filled.sql("drop table sync.zzz; drop type public.mood"))
        self.assert_is_refused(back_up(self.filled), 'type "public.mood" does not exist')

    def test_without_the_programs_nothing_is_restored(self):
        self.assert_is_refused(self.backup, "There is no program", programs=scratch("none"))

    def test_of_a_database_that_is_none_of_tidemarks_there_is_no_backup(self):
        folder = scratch("backups")
        done = self.empty.try_program(BACKUP, folder)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("no schema auth and no schema sync", done.stderr)
        self.assertEqual(list(folder.iterdir()), [])

    def test_only_who_made_a_backup_may_read_it(self):
        self.assertEqual([path.stat().st_mode & 0o077 for path in self.backup.parent.iterdir()], [0, 0])


if __name__ == "__main__":
    unittest.main()
