"""tools/backup and tools/restore: a database that is lost comes back, and devices go on."""

import shutil
import signal
import subprocess
import unittest
from pathlib import Path

from client import PASSWORD, User
from command import Command
from elsewhere import Elsewhere
from stack import PROGRAMS, ROOT, Stack, eventually, scratch
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


# What a backup may hold: a check that, wherever it is restored, waits until this role is there.
MAY_GO_ON = "restore_may_go_on"
HOLD = f"""
create function sync.held() returns boolean language plpgsql as $$
begin
  while current_database() <> 'held' and not exists (select from pg_catalog.pg_roles where rolname = '{MAY_GO_ON}') loop
    perform pg_catalog.pg_sleep(0.01);
  end loop;
  return true;
end
$$;
create table sync.zzz (held boolean check (sync.held()));
insert into sync.zzz values (true);
"""


class CutOffTest(unittest.TestCase):
    """kill -9."""

    def setUp(self):
        self.source, self.target = (Elsewhere(Stack.shared(), name) for name in ("held", "cut_off"))
        self.source.migrate()

    def schemas(self) -> str:
        return self.target.sql("select nspname from pg_namespace where nspname in ('sync', 'auth')")

    def test_a_restore_that_is_killed_before_its_end_leaves_nothing(self):
        self.source.sql(HOLD)
        self.addCleanup(self.source.as_superuser, f"drop role if exists {MAY_GO_ON}")
        backup = back_up(self.source)
        with subprocess.Popen([RESTORE, backup, "--programs", PROGRAMS], env=self.target.env(), stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as restore:
            eventually("it is in the midst", lambda: self.sessions("and wait_event = 'PgSleep'") == "1")
            restore.kill()
        self.source.as_superuser(f"create role {MAY_GO_ON}")
        eventually("its session has ended", lambda: self.sessions() == "0")
        self.assertEqual(self.schemas(), "")

    def sessions(self, which: str = "") -> str:
        return self.source.sql(f"select count(*) from pg_stat_activity where datname = 'cut_off' {which}")

    def test_a_restore_that_is_killed_as_soon_as_the_data_is_there_has_begun_a_new_epoch(self):
        """The first program that it calls does it."""
        programs = scratch("killing")
        for name in ("tidemark-sync", "tidemark-auth"):
            (programs / name).write_text("#!/bin/sh\nkill -9 $PPID\n")
            (programs / name).chmod(0o755)
        done = self.target.try_program(RESTORE, back_up(self.source), "--programs", programs)
        self.assertEqual(done.returncode, -signal.SIGKILL)
        self.assertEqual(self.schemas(), "auth\nsync")
        before, after = (place.sql("select epoch, generation from sync.data_set").split("|")
                         for place in (self.source, self.target))
        self.assertNotEqual(after[0], before[0])
        self.assertGreater(int(after[1]), int(before[1]))


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
