"""A backup, its restore, a migration of the schema and new replicas, while people work: nobody notices."""

import os
import subprocess
import time
import unittest
from pathlib import Path

from elsewhere import Elsewhere
from rolling_restart_test import People, Replicas
from stack import BUILT, PROGRAMS, ROOT, Stack, eventually, scratch
from stored import query

# Those with a schema. That the others are replaced unnoticed too is rolling_restart_test.py's.
SERVICES = ("auth", "sync")
# Of each kind of request, from step to step.
ENOUGH = 5
# As docs/operations.md asks of migrations: one table a file, and not for long. Every table that is written while people work
# gets a column; what is added otherwise is what versions so far have brought.
EXPAND = {
    "sync": ("alter table sync.heads add column added text",
             "alter table sync.tasks add column added bigint not null default 0",
             "alter table sync.history add column added text not null default ''",
             "alter table sync.conflicts add column added text",
             "alter table sync.devices add column added text",
             "create table sync.added (user_id uuid not null, id bigint not null, primary key (user_id, id))",
             "create index if not exists history_by_device on sync.history (user_id, device_id)"),
    "auth": ("alter table auth.accounts add column added text",
             "alter table auth.sessions add column added text not null default ''",
             "alter table auth.refresh_tokens add column added text"),
}
# By hand before, for whom the table is large.
BEFORE = "create index concurrently if not exists history_by_device on sync.history (user_id, device_id)"
# Its counts are of one moment, its tasks of another.
TORN_HEADS = """
select count(*) from sync.heads as head where live_count || '-' || version_sum <>
  (select count(*) || '-' || coalesce(sum(version), 0) from sync.tasks where user_id = head.user_id and deleted_at = 0)
"""


class UpgradeTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack("upgrade")
        self.stack.start()
        self.addCleanup(self.stack.stop)
        self.env = os.environ | {"TIDEMARK_POSTGRES_OWNER_URL": self.stack.owner_url}
        self.replicas = Replicas(self.stack, gateways=1)
        self.addCleanup(self.replicas.close)
        self.people = People(f"http://{self.replicas.of['gateway'][0].address}")
        self.people.start()
        self.addCleanup(self.people.close)
        self.began = time.monotonic()
        self.await_requests()

    def await_requests(self) -> None:
        since = time.monotonic()
        eventually("enough is asked", lambda: all(seen.total() >= ENOUGH for seen in self.people.since(since).values()))

    def test_no_request_fails_and_nothing_acknowledged_is_lost_by_backup_restore_migration_and_new_replicas(self):
        acknowledged = set().union(*(pusher.acknowledged for pusher in self.people.pushers))
        restored = self.back_up_and_restore()
        self.assertLessEqual(acknowledged, set(restored.sql("select id from sync.tasks").splitlines()),
                             "it was acknowledged before the backup began")
        self.assertEqual(restored.sql(TORN_HEADS), "0")

        self.expand()
        self.await_requests()
        for service in SERVICES:
            self.assert_does_not_migrate(service)
            for replica in self.replicas.of[service]:
                self.assertEqual(replica.end(), 0)
                replica.start()
                replica.await_ready()
        self.await_requests()

        self.people.stop()
        for kind, seen in self.people.since(self.began).items():
            self.assertEqual(set(seen), {self.people.healthy[kind]}, f"{kind}: {seen}")
        self.assertEqual(self.people.stream.failures, [])
        for pusher in self.people.pushers:
            stored = query(self.stack, f"select id from sync.tasks where user_id = '{pusher.device.user.id}'")
            self.assertEqual(set(stored.splitlines()), pusher.acknowledged)

    def run_tool(self, *argv: str | Path) -> str:
        done = subprocess.run(argv, env=self.env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def back_up_and_restore(self) -> Elsewhere:
        """Into a database beside the one that goes on to serve."""
        beside = Elsewhere(self.stack, "beside")
        backup = self.run_tool(ROOT / "tools" / "backup", scratch("backups")).strip()
        beside.run_program(ROOT / "tools" / "restore", backup, "--programs", PROGRAMS)
        return beside

    def expand(self) -> None:
        """By the migrator, beside replicas that do not know what it brings."""
        query(self.stack, BEFORE)
        for schema, files in EXPAND.items():
            self.run_tool(BUILT / "tidemark-widen", schema, *files)
            self.assertEqual(query(self.stack, f"select count(*) from {schema}.schema_migrations where name = 'added'"),
                             str(len(files)))

    def assert_does_not_migrate(self, service: str) -> None:
        """A version that is older than the schema serves, and leaves it alone."""
        done = subprocess.run([PROGRAMS / f"tidemark-{service}", "--migrate"], env=self.env, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("this program knows versions up to", done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main()
