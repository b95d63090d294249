"""The sync process dies or hangs between any two messages of a push: never half a push, and a retry is exact."""

import itertools
import unittest
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from client import Answer, Device, User
from gate import AFTER, BEFORE, WRITE, FaultPoint
from pushes import FinalPush, FirstPush, TaskRow, V1Push
from replica import GatedReplica
from stack import Stack, eventually
from stored import TABLES, Stored, cached, etag_of, head_of, query, stored

Push = FinalPush | FirstPush | V1Push


class FaultPointsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("fault-points")
        cls.stack.start()
        cls.addClassCleanup(cls.stack.stop)
        cls.replica = GatedReplica(cls.stack)
        cls.addClassCleanup(cls.replica.close)
        cls.turnstile = cls.replica.turnstile
        cls.sender = ThreadPoolExecutor(1)
        cls.addClassCleanup(cls.sender.shutdown)

    # A killed process.

    def test_a_killed_push_is_stored_whole_or_not_at_all_and_its_retry_is_exact(self):
        self.at_every_point(FinalPush, (BEFORE, AFTER), self.kill_and_retry)

    def test_a_killed_first_push_of_a_user_is_stored_whole_or_not_at_all_and_its_retry_is_exact(self):
        self.at_every_point(FirstPush, (BEFORE, AFTER), self.kill_and_retry)

    def test_a_killed_v1_push_is_stored_whole_or_not_at_all_and_its_retry_is_exact(self):
        self.at_every_point(V1Push, (BEFORE, AFTER), self.kill_and_retry)

    def kill_and_retry(self, push: Push, sending: Future[Answer]) -> None:
        written = WRITE in self.turnstile.answered
        self.replica.sync.kill()
        self.turnstile.arm(None)
        self.assertEqual(sending.result().status, 503, sending.result())
        left = self.stored()
        if not written:
            self.assert_equal_tables(left, self.before, "the write was not answered, and yet something is stored")
        self.assert_checks_are_true(push.phone)
        self.replica.sync.start()
        answer = self.retried(push)
        if written:
            self.assert_equal_tables(left, self.stored(), "the write was answered, and yet the retry changed something")
        self.assert_exact(push, answer)

    def test_a_write_that_arrives_after_its_process_was_killed_is_found_by_the_waiting_retry(self):
        for make in (FinalPush, V1Push):
            with self.subTest(make.__name__):
                push, sending = self.begin(make, FaultPoint(WRITE, BEFORE))
                self.replica.sync.kill()
                self.replica.sync.start()
                retrying = self.sender.submit(self.retried, push)
                eventually("the retry waits for the head",
                           lambda: self.somebody_waits_for_a_lock() or retrying.done())
                self.turnstile.let_go()
                self.assertEqual(sending.result().status, 503)
                self.assert_exact(push, retrying.result())

    def somebody_waits_for_a_lock(self) -> bool:
        return query(self.stack, "select exists (select from pg_locks where not granted)") == "t"

    # A process that hangs.

    def test_no_304_is_stale_while_a_push_hangs_and_after_it_was_answered(self):
        self.at_every_point(FinalPush, (BEFORE,), self.hang_and_go_on)

    def test_no_304_is_stale_while_a_v1_push_hangs_and_after_it_was_answered(self):
        self.at_every_point(V1Push, (BEFORE,), self.hang_and_go_on)

    def hang_and_go_on(self, push: Push, sending: Future[Answer]) -> None:
        """The message reaches its store while the process hangs: both sides of the store are looked at."""
        arrived = len(self.turnstile.answered)
        self.replica.sync.stop()
        try:
            self.assert_checks_are_true(push.phone)
            self.turnstile.let_go()
            eventually("the store has answered", lambda: len(self.turnstile.answered) > arrived)
            self.assert_checks_are_true(push.phone)
        finally:
            self.replica.sync.go_on()
        answer = sending.result()
        if answer.status != 200:
            self.assertEqual(answer.status, 503, answer)
            answer = self.retried(push)
        self.assert_exact(push, answer)

    # The way to each point.

    def at_every_point(self, make: type[Push], sides: tuple[str, ...], act) -> None:
        """Goes on until a push comes to its end untouched, which tells that there are no more points."""
        for point in (FaultPoint(number, side) for number in itertools.count(1) for side in sides):
            with self.subTest(point):
                push, sending = self.begin(make, point)
                if point.held:
                    act(push, sending)
                else:
                    self.assert_untouched_push_is_whole(push, sending.result())
            if not point.held:
                return

    def begin(self, make: type[Push], point: FaultPoint) -> tuple[Push, Future[Answer]]:
        """Returns when the push is at the point, or over."""
        self.replica.recover()
        self.user = self.stack.user()
        push = make(self.user, self.user.through(self.replica.url))
        self.before = self.stored()
        eventually("the head from before the push is cached", lambda: self.is_cached(push.phone))
        self.turnstile.arm(point)
        sending = self.sender.submit(push.send)
        eventually("the push is at the point", lambda: point.held or sending.done())
        return push, sending

    def is_cached(self, phone: Device) -> bool:
        """Only then a stale 304 is possible. The cache is filled by whoever reads it."""
        self.assertEqual(phone.check().status, 304)
        return phone.etag in map(quoted, cached(self.stack, self.user.id))

    def retried(self, push: Push) -> Answer:
        """The very same request, until the process is there to answer it."""
        def answered() -> Answer | None:
            answer = push.send()
            return None if answer.status == 503 else answer
        return eventually("the retry is answered", answered)

    def stored(self) -> Stored:
        return stored(self.stack, self.user.id)

    # What is claimed.

    def assert_untouched_push_is_whole(self, push: Push, answer: Answer) -> None:
        steps = [purpose for purpose in self.turnstile.sent if purpose in push.steps]
        self.turnstile.arm(None)
        self.assertEqual(steps, push.steps, "a push does not do what ARCHITECTURE.md says, or in another order")
        self.assert_exact(push, answer)

    def assert_equal_tables(self, state: Stored, expected: Stored, otherwise: str) -> None:
        self.assertEqual([table for table in TABLES if state[table] != expected[table]], [], otherwise)

    def assert_checks_are_true(self, phone: Device) -> None:
        """Also of what was written and not yet acknowledged."""
        etag = quoted(etag_of(self.stored()))
        self.assertEqual(phone.check().status, 304 if phone.etag == etag else 200, "a check")
        witness = self.user.device("witness")
        witness.sync()
        self.assertEqual(witness.etag, etag)

    def assert_exact(self, push: Push, answer: Answer) -> None:
        self.assertEqual(answer.status, 200, answer)
        state = self.stored()
        self.assertEqual(head_of(state), etag_of(state), "the head does not count what is stored")
        witness = self.user.device("witness")
        witness.sync()
        self.assertEqual({task_id: row_of(task) for task_id, task in witness.tasks.items()}, push.tasks)
        self.assertEqual(witness.etag, quoted(etag_of(state)))
        self.assert_answer_is_true(push, answer.json, witness)
        self.assert_history_is_kept_once(push)
        self.assert_phone_learns_of_it(push, witness)
        self.assertEqual(push.send().status, 200)
        self.assert_equal_tables(self.stored(), state, "one more retry changed something")

    def assert_answer_is_true(self, push: Push, answer: dict[str, Any], witness: Device) -> None:
        self.assertEqual(quoted(answer.get("etag", etag_of(self.stored()))), witness.etag)
        self.assertEqual([(row["id"], row["code"]) for row in answer.get("rejected", [])], push.rejected)
        self.assertEqual(conflicts_in(answer), push.conflicts)
        for row in answer["updates"]:
            if not row["deleted_at"]:
                self.assertEqual(row, witness.tasks[row["id"]])

    def assert_history_is_kept_once(self, push: Push) -> None:
        for task_id, expected in push.history.items():
            entries = self.user.call("GET", f"/tasks/{task_id}/history").json["history"]
            self.assertEqual([(entry["field"], entry["value"], entry["device_id"], entry["reason"])
                              for entry in entries], expected, task_id)

    def assert_phone_learns_of_it(self, push: Push, witness: Device) -> None:
        """Its old ETag is good at neither replica, the new one at both."""
        gates = [self.user, self.user.through(self.replica.url)]
        self.assertEqual([self.check(user, push.phone.etag) for user in gates], [200, 200], "an old ETag")
        self.assertEqual(conflicts_in(push.phone.sync().json), push.conflicts)
        self.assertEqual(push.phone.tasks, witness.tasks)
        self.assertEqual([self.check(user, push.phone.etag) for user in gates], [304, 304], "the new ETag")

    def check(self, user: User, etag: str) -> int:
        return user.call("GET", "/sync/check", headers={"If-None-Match": etag}).status


def quoted(etag: str) -> str:
    return f'"{etag}"'


def row_of(task: dict[str, Any]) -> TaskRow:
    return task["version"], task["content"], task["completed"], task["pinned"]


def conflicts_in(answer: dict[str, Any]) -> list[tuple[str, ...]]:
    """In the order of tasks."""
    return sorted((conflict["id"], conflict["field"], conflict["winner"], conflict["kept"]["device_id"],
                   conflict["discarded"]["device_id"]) for conflict in answer["conflicts"])
