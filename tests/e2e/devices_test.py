"""GET /devices, the purge and a new epoch, on the real processes."""

import os
import subprocess
import unittest
from typing import Any

from client import Device, User
from stack import PROGRAMS, Stack, eventually
from stored import TABLES
from supervisor import postgres



def listed(user: User) -> dict[str, dict[str, Any]]:
    answer = user.call("GET", "/devices")
    assert answer.status == 200, answer
    return {device["device_id"]: device for device in answer.json["devices"]}


def confirm(device: Device) -> None:
    answer = device.user.call("GET", f"/sync/check?device_id={device.name}", headers={"If-None-Match": device.etag})
    assert answer.status == 304, answer


def run_sync(flag: str, **env: str) -> str:
    done = subprocess.run([PROGRAMS / "tidemark-sync", flag], env=os.environ | env, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class DevicesTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()
        self.laptop, self.phone = self.user.device("laptop"), self.user.device("phone")

    def test_a_device_that_has_not_got_an_edit_yet_is_seen_to_be_behind(self):
        self.laptop.sync(self.laptop.new_task("Buy milk", "milk"))
        self.phone.sync()
        confirm(self.phone)
        self.laptop.sync(self.laptop.edit("milk", content="Buy oat milk"))
        confirm(self.laptop)

        devices = listed(self.user)
        self.assertEqual(list(devices), ["laptop", "phone"], "the latest first")
        self.assertEqual((devices["laptop"]["up_to_date"], devices["laptop"]["changes_behind"]), (True, 0))
        self.assertEqual((devices["phone"]["up_to_date"], devices["phone"]["changes_behind"]), (False, 1))
        self.assertEqual(devices["phone"]["cursor"], self.phone.cursor)

        self.phone.sync()
        confirm(self.phone)
        self.assertTrue(listed(self.user)["phone"]["up_to_date"])

    def test_a_deletion_that_all_have_confirmed_is_purged_and_an_older_cursor_starts_over(self):
        self.laptop.sync(self.laptop.new_task("Keep", "kept"), self.laptop.new_task("Go", "gone"))
        self.phone.sync()
        old_cursor = self.phone.cursor
        self.laptop.sync(self.laptop.edit("gone", deleted_at=1))
        confirm(self.laptop)
        self.assertIn("removed", self.purge())
        self.assertEqual(self.resync_reason(old_cursor), None, "the phone had not confirmed it")

        self.phone.sync()
        self.assertEqual(self.phone.contents, {"kept": "Keep"})
        confirm(self.phone)
        self.assertRegex(self.purge(), r"removed of [1-9]\d* users: [1-9]\d* tombstones")
        self.assertEqual(self.resync_reason(old_cursor), "purged")
        self.assertEqual(self.resync_reason(self.phone.cursor), None)

    def purge(self) -> str:
        return run_sync("--purge", TIDEMARK_POSTGRES_URL=self.stack.env()["TIDEMARK_POSTGRES_URL"])

    def resync_reason(self, cursor: int) -> str | None:
        answer = self.user.call("POST", "/sync", {"last_sync": cursor})
        return answer.json.get("full_resync_reason")


class NewEpochTest(unittest.TestCase):
    def test_after_a_new_epoch_a_device_starts_over_and_pushes_what_it_holds(self):
        stack = Stack("new-epoch")
        stack.start()
        user = stack.user()
        laptop, phone = user.device("laptop"), user.device("phone")
        old_epoch = laptop.sync(laptop.new_task("Buy milk", "milk")).json["epoch"]

        told = run_sync("--new-epoch", TIDEMARK_POSTGRES_OWNER_URL=stack.owner_url)
        new_epoch = told.split()[-1]
        self.assertEqual(told, f"epoch {old_epoch} is now {new_epoch}\n")

        def sync(epoch: str, **more: Any) -> dict[str, Any]:
            body = {"last_sync": laptop.cursor, "epoch": epoch, "device_id": laptop.name} | more
            return user.call("POST", "/sync", body).json

        eventually("the new epoch is known", lambda: sync(old_epoch)["full_resync"])
        eggs = laptop.new_task("Made after the backup", "eggs")
        answer = sync(old_epoch, changes=[eggs])
        self.assertEqual((answer["full_resync_reason"], answer["epoch"]), ("rewound", new_epoch))
        self.assertEqual([task["id"] for task in answer["updates"]], ["milk"], "nothing of it was stored")

        answer = sync(new_epoch, last_sync=answer["server_time"], changes=[eggs])
        self.assertFalse(answer["full_resync"])
        phone.sync()
        self.assertEqual(phone.contents, {"milk": "Buy milk", "eggs": "Made after the backup"})

    def test_a_backup_restored_under_live_devices_gets_back_what_any_of_them_holds(self):
        stack = Stack("restored")
        stack.start()
        user = stack.user()
        laptop, phone = user.device("laptop"), user.device("phone")
        laptop.sync(laptop.new_task("Buy milk", "milk"))
        backup = stack.data / "backup.sql"
        tables = [f"--table=sync.{name}" for name in TABLES]
        backup.write_text(postgres_tool(stack, "pg_dump", "--data-only", *tables))
        laptop.sync(laptop.edit("milk", content="Buy oat milk"), laptop.new_task("Made after the backup", "eggs"))
        epoch = phone.sync().json["epoch"]

        empty = "truncate " + ", ".join(f"sync.{name}" for name in TABLES)
        postgres_tool(stack, "psql", "-qv", "ON_ERROR_STOP=1", "-1", "-c", empty, "-f", str(backup))
        run_sync("--new-epoch", TIDEMARK_POSTGRES_OWNER_URL=stack.owner_url)
        for device in (phone, laptop):
            self.heal(user, device, epoch)
        for device in (phone, laptop):
            device.sync()
            self.assertEqual(device.contents, {"milk": "Buy oat milk", "eggs": "Made after the backup"})
        self.assertEqual(phone.etag, laptop.etag)

    def heal(self, user: User, device: Device, epoch: str) -> None:
        """As SPEC 3.3 asks of a device: it keeps what it has, and pushes what differs."""
        body = {"last_sync": device.cursor, "epoch": epoch, "device_id": device.name}
        answer = eventually("the restore is known", lambda: self.rewound(user, body))
        stored = {task["id"]: task for task in answer["updates"]}
        changes = []
        for task_id, task in device.tasks.items():
            fields = [name for name in ("content", "completed", "pinned")
                      if task_id not in stored or task[name] != stored[task_id][name]]
            device.last_mutation += 1
            changes.append({"id": task_id, "mutation_id": device.last_mutation, "version": 1, "device_id": device.name,
                            "updated_at": task["updated_at"], **{name: task[name] for name in fields}})
        answer = user.call("POST", "/sync", body | {"epoch": answer["epoch"], "last_sync": answer["server_time"],
                                                    "changes": changes})
        self.assertEqual((answer.status, answer.json.get("rejected")), (200, []), answer)
        device.cursor = 0

    @staticmethod
    def rewound(user: User, body: dict[str, Any]) -> dict[str, Any] | None:
        """Under the new epoch, which the service knows within two seconds."""
        answer = user.call("POST", "/sync", body)
        known = answer.status == 200 and answer.json["epoch"] != body["epoch"]
        return answer.json if known and answer.json.get("full_resync_reason") == "rewound" else None


def postgres_tool(stack: Stack, name: str, *arguments: str) -> str:
    argv = [postgres.BIN / name, *arguments, "--dbname", stack.owner_url]
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


if __name__ == "__main__":
    unittest.main()
