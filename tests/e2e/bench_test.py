"""The bench's own programs on a running Tidemark: what they seed is what devices would have pushed, and each work they
measure is answered as it should be."""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path
from typing import Any

import building
from client import Device, User
from stack import Stack

USERS, TASKS = 20, 12
WORKS = ("check", "stale-check", "sync", "push", "first-pull", "login", "herd")


class SeededUser(User):
    """A user of tidemark-seed's file, by its line."""

    def __init__(self, base: str, line: str):
        self.base = base
        self.id, *_, self.token = line.split()


class BenchTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()

    def setUp(self):
        self.users_file = self.stack.data / f"{self.id()}-users"
        self.addCleanup(self.users_file.unlink)
        self.run_program("tidemark-seed", "--users", USERS, "--tasks", TASKS, "--users-file", self.users_file)

    def run_program(self, name: str, *arguments: Any) -> str:
        secrets = dict(line.split("=", 1) for line in (self.stack.data / "secrets").read_text().splitlines())
        env = {**os.environ, **self.stack.env(), "TIDEMARK_MASTER_KEY": secrets["master_key"]}
        argv: list[str | Path] = [building.build_dir() / "bin" / name, *map(str, arguments)]
        done = subprocess.run(argv, env=env, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def load(self, work: str, *arguments: Any) -> dict[str, Any]:
        env = self.stack.env()
        return json.loads(self.run_program(
            "tidemark-load", work, "--users-file", self.users_file, "--sync", env["TIDEMARK_SYNC_ADDRESS"],
            "--auth", env["TIDEMARK_AUTH_ADDRESS"], "--connections", 4, *arguments))

    def seeded_user(self, number: int = 0) -> SeededUser:
        return SeededUser(self.stack.url, self.users_file.read_text().splitlines()[1 + number])

    def assert_all_right(self, told: dict[str, Any], requests: int):
        self.assertEqual((told["requests"], told["errors"]), (requests, 0), told)

    def assert_each_work_is_answered_over(self, transport: str):
        for work in WORKS:
            with self.subTest(work):
                told = self.load(work, "--transport", transport, "--requests", 8, "--limit", 5)
                self.assert_all_right(told, USERS if work == "herd" else 8)
                if work == "first-pull":
                    self.assertEqual(told["tasks"], 8 * TASKS)

    def test_each_work_is_answered_over_http(self):
        self.assert_each_work_is_answered_over("http")

    def test_each_work_is_answered_over_grpc(self):
        self.assert_each_work_is_answered_over("grpc")

    def test_an_open_loop_over_two_threads_sends_as_many_as_it_was_told(self):
        told = self.load("check", "--requests", 9, "--rate", 1000, "--threads", 2)
        self.assert_all_right(told, 9)
        self.assertEqual(told["loop"], "open")

    def test_a_device_finds_what_was_seeded_and_goes_on_from_it(self):
        device = self.seeded_user().device("phone")
        device.sync()
        self.assert_keeps_what_its_etag_counts(device)
        self.assertEqual(len(device.tasks), TASKS)
        device.sync(device.edit("task-1", completed=True))
        device.sync()
        self.assert_keeps_what_its_etag_counts(device)
        self.assertEqual(device.check().status, 304)

    def test_the_seeded_device_has_confirmed_all(self):
        [laptop] = self.seeded_user().call("GET", "/devices").json["devices"]
        self.assertEqual((laptop["device_id"], laptop["up_to_date"], laptop["changes_behind"]), ("laptop", True, 0))

    def test_a_run_goes_on_where_the_last_one_ended(self):
        for _ in range(2):
            self.assert_all_right(self.load("push", "--prefix", 2, "--requests", 10, "--changes", TASKS + 1), 10)
        self.assert_all_right(self.load("check", "--prefix", 2, "--requests", 2), 2)
        for number in range(2):
            device = self.seeded_user(number).device("phone")
            device.sync()
            self.assert_keeps_what_its_etag_counts(device)

    def test_a_push_is_stored_exactly_as_it_was_sent(self):
        self.assert_all_right(self.load("sync", "--prefix", 1, "--requests", TASKS + 1), TASKS + 1)
        device = self.seeded_user().device("phone")
        device.sync()
        versions = {task_id: task["version"] for task_id, task in device.tasks.items()}
        self.assertEqual(versions, {f"task-{n}": 3 if n == 1 else 2 for n in range(1, TASKS + 1)})

    def test_seeded_heads_are_answered_from_the_cache(self):
        before = self.cache_reads()
        self.assert_all_right(self.load("herd"), USERS)
        after = self.cache_reads()
        self.assertEqual(after["miss"], before["miss"])
        self.assertGreaterEqual(after["hit"] - before["hit"], USERS)

    def test_an_answer_that_should_not_be_is_an_error(self):
        device = self.seeded_user().device("phone")
        device.sync()
        device.sync(device.edit("task-1", completed=True))
        told = self.load("check", "--requests", USERS)
        self.assertEqual((told["requests"], told["errors"]), (USERS - 1, 1))

    def assert_keeps_what_its_etag_counts(self, device: Device):
        version_sum = sum(task["version"] for task in device.tasks.values())
        self.assertEqual(device.etag, f'"{len(device.tasks)}-{device.cursor}-{version_sum}"')

    def cache_reads(self) -> dict[str, int]:
        metrics = self.stack.admin("sync", "/metrics").body.decode()
        return {result: int(count) for result, count in
                re.findall(r'^tidemark_head_cache_reads_total\{result="(\w+)",tier="redis"\} (\d+)', metrics, re.MULTILINE)}


if __name__ == "__main__":
    unittest.main()
