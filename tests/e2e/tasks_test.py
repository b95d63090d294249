"""What becomes of tasks that travel between devices and users."""

import threading
import unittest
import uuid

from client import Device, now_ms
from stack import Stack

DAY_MS = 24 * 60 * 60 * 1000


class TasksTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()
        self.desk, self.phone = self.user.device("desk"), self.user.device("phone")

    def test_a_task_typed_on_one_device_appears_on_another(self):
        task = self.desk.new_task("Finish sync: ünïcode ✓")
        pushed = self.desk.sync(task).json
        self.assertEqual(pushed["updates"], [], "a push is not echoed")
        [row] = self.phone.sync().json["updates"]
        self.assertEqual((row["id"], row["content"], row["version"], row["completed"]),
                         (task["id"], "Finish sync: ünïcode ✓", 1, False))

    def test_an_edit_sends_only_what_was_edited(self):
        task = self.desk.new_task("milk")
        self.desk.sync(task)
        self.phone.sync()
        self.phone.sync(self.phone.edit(task["id"], completed=True))
        [row] = self.desk.sync().json["updates"]
        self.assertEqual(row["completed"], True)
        self.assertNotIn("content", row)

    def test_a_deleted_task_goes_from_every_device(self):
        task = self.desk.new_task("milk")
        self.desk.sync(task)
        self.phone.sync()
        self.desk.sync(self.desk.edit(task["id"], deleted_at=now_ms()))
        self.assertEqual(self.phone.sync().json["deleted"], [task["id"]])
        self.assertEqual(self.user.device("new").sync().json["updates"], [])

    def test_another_users_token_neither_reads_nor_overwrites_a_task_of_the_same_id(self):
        same = str(uuid.uuid4())
        other = self.stack.user().device("desk")
        self.desk.sync(self.desk.new_task("mine", same))
        self.assertEqual(other.sync().json["updates"], [])
        other.sync(other.new_task("theirs", same))
        other.sync(other.edit(same, content="stolen", completed=True))
        other.sync(other.edit(same, deleted_at=now_ms()))
        self.phone.sync()
        self.assertEqual(self.phone.contents, {same: "mine"})
        self.assertFalse(self.phone.tasks[same]["completed"])

    def test_a_device_whose_clock_is_a_day_wrong_still_gets_every_update(self):
        for name, shift in (("slow", -DAY_MS), ("fast", DAY_MS)):
            with self.subTest(name):
                wrong = self.user.device(name)
                wrong.sync(wrong.new_task(f"from {name}", at=now_ms() + shift))
                for text in ("one", "two"):
                    self.desk.sync(self.desk.new_task(text))
                    wrong.sync()
                self.desk.sync()
                self.assertEqual(wrong.contents, self.desk.contents)

    def test_two_racing_pushes_never_make_a_third_device_miss_a_change(self):
        rounds = 40
        watcher, stop, pushed, failures = self.user.device("watcher"), threading.Event(), [], []
        start = threading.Barrier(2)

        def push(device: Device) -> None:
            try:
                for i in range(rounds):
                    task = device.new_task(f"{device.name} {i}")
                    start.wait(30)
                    device.sync(task)
                    pushed.append(task["id"])
            except Exception as failure:
                failures.append(failure)
                start.abort()

        def watch() -> None:
            try:
                while not stop.is_set():
                    watcher.sync()
            except Exception as failure:
                failures.append(failure)

        watching = threading.Thread(target=watch)
        pushing = [threading.Thread(target=push, args=[device]) for device in (self.desk, self.phone)]
        for thread in (watching, *pushing):
            thread.start()
        for thread in pushing:
            thread.join()
        stop.set()
        watching.join()
        self.assertEqual(failures, [])
        watcher.sync()
        self.assertEqual(len(pushed), 2 * rounds)
        self.assertEqual(set(pushed) - set(watcher.tasks), set())

    def test_what_an_edit_overwrote_is_told_by_the_history_of_the_task(self):
        task = self.desk.new_task("milk")
        self.desk.sync(task)
        self.desk.sync(self.desk.edit(task["id"], content="oat milk"))
        answer = self.user.call("GET", f"/tasks/{task['id']}/history")
        self.assertEqual((answer.status, answer.json["id"]), (200, task["id"]))
        [entry] = answer.json["history"]
        self.assertEqual((entry["field"], entry["value"], entry["version"], entry["device_id"], entry["reason"]),
                         ("content", "milk", 1, "desk", "overwritten"))
        unknown = self.user.call("GET", "/tasks/nobody/history")
        self.assertEqual((unknown.status, unknown.code), (404, "not_found"))

    def test_a_conflict_is_told_to_both_devices_and_its_loser_is_in_the_history(self):
        task = self.desk.new_task("milk")
        self.desk.sync(task)
        self.phone.sync()
        wins = self.desk.edit(task["id"], content="soy milk")
        loses = self.phone.edit(task["id"], content="oat milk") | {"updated_at": wins["updated_at"] - 1000}
        self.desk.sync(wins)
        [conflict] = self.phone.sync(loses).json["conflicts"]
        self.assertEqual((conflict["id"], conflict["field"], conflict["winner"]), (task["id"], "content", "server"))
        for side, edit, device in (("kept", wins, "desk"), ("discarded", loses, "phone")):
            self.assertEqual(conflict[side], {"value": edit["content"], "updated_at": edit["updated_at"], "device_id": device})
        self.assertEqual(self.phone.contents, {task["id"]: "soy milk"})
        self.assertEqual(self.desk.sync().json["conflicts"], [conflict])
        self.assertEqual(self.user.device("new").sync().json["conflicts"], [])
        newest = self.user.call("GET", f"/tasks/{task['id']}/history").json["history"][0]
        self.assertEqual((newest["value"], newest["reason"], newest["at"]), ("oat milk", "conflict", conflict["at"]))

    def test_a_long_list_comes_in_pages_of_which_the_last_moves_the_cursor(self):
        tasks = [self.desk.new_task(str(i)) for i in range(5)]
        self.desk.sync(*tasks)
        got, pages, request = [], 0, {"last_sync": 0, "device_id": "phone", "limit": 2}
        while True:
            answer = self.user.call("POST", "/sync", request).json
            got += [row["id"] for row in answer["updates"]]
            pages += 1
            if not answer["has_more"]:
                break
            self.assertEqual(answer["server_time"], 0)
            self.assertNotIn("etag", answer)
            request["page"] = answer["page"]
        self.assertEqual((got, pages), ([task["id"] for task in tasks], 3))
        self.assertEqual((answer["server_time"], f'"{answer["etag"]}"'), (self.desk.cursor, self.desk.etag))

    def test_a_retry_of_a_push_changes_nothing(self):
        task = self.desk.new_task("milk")
        first = self.desk.send(task).json
        again = self.desk.send(task).json
        self.assertEqual(again["etag"], first["etag"])
        self.assertEqual(again["conflicts"], [])
        self.phone.sync()
        self.assertEqual(self.phone.tasks[task["id"]]["version"], 1)


class EtagTest(unittest.TestCase):
    def setUp(self):
        self.user = Stack.shared().user()
        self.desk, self.phone = self.user.device("desk"), self.user.device("phone")

    def check_with(self, etag: str) -> int:
        return self.user.call("GET", "/sync/check", headers={"If-None-Match": etag}).status

    def test_the_etag_is_count_newest_stamp_and_sum_of_versions(self):
        one, two = self.desk.new_task("one"), self.desk.new_task("two")
        self.desk.sync(one, two)
        self.assertEqual(self.desk.check().headers["etag"], f'"2-{self.desk.cursor}-2"')
        self.desk.sync(self.desk.edit(one["id"], pinned=True))
        self.assertEqual(self.desk.check().headers["etag"], f'"2-{self.desk.cursor}-3"')

    def test_an_unchanged_state_answers_304_without_a_body_in_every_form_of_the_header(self):
        self.desk.sync(self.desk.new_task("milk"))
        bare = self.desk.etag.strip('"')
        for form in (f'"{bare}"', bare, f'W/"{bare}"', f'"other", "{bare}"', "*"):
            with self.subTest(form):
                answer = self.user.call("GET", "/sync/check", headers={"If-None-Match": form})
                self.assertEqual((answer.status, answer.body), (304, b""))
                self.assertEqual(answer.headers["etag"], f'"{bare}"')
                self.assertEqual(answer.headers["cache-control"], "private, no-cache")

    def test_a_cached_hash_never_answers_304_after_another_devices_push(self):
        self.desk.sync(self.desk.new_task("first"))
        for i in range(40):
            self.phone.sync()
            self.assertEqual(self.phone.check().status, 304, f"round {i}: the hash is cached")
            self.desk.sync(self.desk.new_task(str(i)))
            self.assertEqual(self.phone.check().status, 200, f"round {i}: a stale 304")

    def test_checks_that_race_with_pushes_never_answer_304_for_a_state_that_is_over(self):
        self.desk.sync(self.desk.new_task("first"))
        over, stop, stale = [], threading.Event(), []

        def check() -> None:
            while not stop.is_set():
                if over and self.check_with(etag := over[-1]) != 200:
                    stale.append(etag)

        checking = [threading.Thread(target=check) for _ in range(3)]
        for thread in checking:
            thread.start()
        for i in range(40):
            before = self.desk.etag
            self.desk.sync(self.desk.new_task(str(i)))
            over.append(before)
        stop.set()
        for thread in checking:
            thread.join()
        self.assertEqual(stale, [])

    def test_an_empty_body_is_a_check(self):
        self.desk.sync(self.desk.new_task("milk"))
        for etag, same in ((self.desk.etag, True), ('"1-1-1"', False)):
            answer = self.user.call("POST", "/sync", b"", headers={"If-None-Match": etag})
            self.assertEqual(answer.status, 200, "304 is for GET alone")
            self.assertEqual((answer.json["updates"], answer.json["not_modified"]), ([], same))
            self.assertEqual(f'"{answer.json["etag"]}"', self.desk.etag)
            self.assertNotIn("server_time", answer.json)

    def test_no_change_never_moves_a_cursor(self):
        self.desk.sync(self.desk.new_task("milk"))
        answer = self.user.call("POST", "/sync", {"last_sync": 7, "changes": []}, {"If-None-Match": self.desk.etag})
        self.assertEqual((answer.json["updates"], answer.json["server_time"]), ([], 7))


class V1Test(unittest.TestCase):
    def setUp(self):
        self.user = Stack.shared().user()

    def sync_v1(self, last_sync: int, *tasks: dict) -> dict:
        answer = self.user.call("POST", "/v1/sync", {"last_sync": last_sync, "changes": list(tasks)})
        self.assertEqual(answer.status, 200, answer)
        return answer.json

    def full_task(self, **fields) -> dict:
        at = now_ms()
        return {"id": "task-1", "created_at": at, "updated_at": at, "deleted_at": None, "content": "from V1",
                "completed": False, "pinned": True, "version": 1, "device_id": "old-desktop"} | fields

    def test_v1_stores_and_answers_full_objects(self):
        task = self.full_task()
        self.sync_v1(0, task)
        [row] = self.sync_v1(0)["updates"]
        self.assertEqual({name: row[name] for name in task}, task)

    def test_v1_and_final_devices_work_on_the_same_tasks(self):
        self.sync_v1(0, self.full_task())
        final = self.user.device("final")
        final.sync()
        self.assertEqual(final.contents, {"task-1": "from V1"})
        since = self.sync_v1(0)["server_time"]
        final.sync(final.edit("task-1", content="from Final"))
        [row] = self.sync_v1(since)["updates"]
        self.assertEqual((row["content"], row["pinned"]), ("from Final", True))

    def test_v1_sends_deleted_tasks_with_deleted_at(self):
        self.sync_v1(0, self.full_task())
        since = self.sync_v1(0)["server_time"]
        self.sync_v1(since, self.full_task(version=2, deleted_at=now_ms()))
        [row] = self.sync_v1(since)["updates"]
        self.assertIsNotNone(row["deleted_at"])

    def test_an_invalid_v1_change_is_422_with_a_pointer_and_stores_nothing(self):
        answer = self.user.call("POST", "/v1/sync", {"last_sync": 0, "changes": [
            self.full_task(), self.full_task(id="not an id")]})
        self.assertEqual((answer.status, answer.json["pointer"]), (422, "/changes/1/id"))
        self.assertEqual(self.sync_v1(0)["updates"], [])
