"""The day's quota (SPEC 8), and limits that change while they hold, on a stack with a limits file of its own."""

import re
import signal
import unittest
from pathlib import Path
from typing import Any, Callable

from client import Answer, now_ms
from stack import DAY_SECONDS, ROOT, Stack, await_day_with_room, eventually, scratch
from stored import cached, redis, redis_calls
from streams_test import Streams

BUDGET = 100_000
LIMITED = ("ratelimit", "auth", "sync")
DEV = (ROOT / "deploy" / "config" / "limits-dev.textproto").read_text()


def with_budgets(**amounts: int) -> str:
    lines = "".join(f"  {resource}: {amount}\n" for resource, amount in amounts.items())
    return f"{DEV}\nbudgets {{\n{lines}}}\n"


def set_requests_of_the_day(stack: Stack, requests: int) -> None:
    """As if all replicas had counted so many. Each process hears of it with its next report."""
    now = now_ms()
    midnight = now - now % (DAY_SECONDS * 1000)
    # With its day: what nobody has reported to yet today would be another's, and begun anew.
    redis(stack, "HSET", "quota:day", "since", str(midnight), "requests", str(requests))


def renew_auth(stack: Stack) -> None:
    """So that it forgets what it heard of the day."""
    stack.end_and_await_another("auth", signal.SIGTERM)
    eventually("auth serves again",
               lambda: stack.call("POST", "/auth/refresh", {"refresh_token": "none"}).status == 401)


class QuotaTest(unittest.TestCase):
    stack: Stack
    limits: Path

    @classmethod
    def setUpClass(cls):
        cls.limits = scratch("limits") / "limits.textproto"
        cls.limits.write_text(with_budgets(requests=BUDGET))
        cls.stack = Stack("quota", limits=cls.limits)
        cls.stack.start()

    @classmethod
    def tearDownClass(cls):
        cls.stack.stop()

    def setUp(self):
        await_day_with_room()
        self.user = self.stack.user()
        self.desk = self.user.device("desk")
        cached(self.stack, self.user.id)

    def load(self, text: str) -> None:
        """As an operator does: writes the file, and has it read."""
        self.limits.write_text(text)
        before = {process: self.loads(process) for process in LIMITED}
        for process in LIMITED:
            self.stack.send_signal(process, signal.SIGHUP)
        eventually("every process has read the limits",
                   lambda: all(self.loads(process) > before[process] for process in LIMITED))

    def load_for_this_test(self, text: str) -> None:
        self.addCleanup(self.load, with_budgets(requests=BUDGET))
        self.load(text)

    def loads(self, process: str) -> int:
        log = (self.stack.data / "logs" / f"{process}.log").read_text()
        return len(re.findall('"event":"limits_(?:loaded|refused)"', log))

    def quota(self) -> dict[str, Any]:
        return self.user.call("GET", "/usage").json["quota"]

    def used(self) -> dict[str, int]:
        return {budget["resource"]: budget["used"] for budget in self.quota()["budgets"]}

    def others_used(self, requests: int, state: str) -> None:
        set_requests_of_the_day(self.stack, requests)
        eventually(f"the quota is {state}", lambda: self.quota()["state"] == state)

    def use_for_this_test(self, part: float, state: str) -> None:
        self.addCleanup(self.others_used, 0, "open")
        self.others_used(round(BUDGET * part), state)

    def assert_until_midnight(self, ask: Callable[[], Answer], status: int, code: str) -> Answer:
        before = self.quota()["reset_after"]
        answer = ask()
        after = self.quota()["reset_after"]
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        wait = int(answer.headers["retry-after"])
        self.assertEqual(answer.json["retry_after"], wait)
        self.assertTrue(0 < wait <= DAY_SECONDS)
        # The one is rounded up, and the other perhaps not.
        self.assertTrue(after - 1 <= wait <= before + 1, (before, wait, after))
        self.assertIn('"requests";', answer.headers["ratelimit"])
        return answer

    def test_above_nine_tenths_reads_are_paused_and_pushes_are_stored(self):
        self.desk.sync(self.desk.new_task("before"))
        phone = self.user.device("phone")
        self.use_for_this_test(0.91, "read_paused")
        for method, path, body in (("POST", "/sync", {"last_sync": 0, "device_id": "phone"}), ("POST", "/sync", {}),
                                   ("GET", "/sync/check", None), ("GET", "/devices", None), ("GET", "/export", None),
                                   ("POST", "/v1/sync", {"last_sync": 0})):
            with self.subTest(path):
                answer = self.assert_until_midnight(lambda: self.user.call(method, path, body), 503, "read_paused")
                self.assertEqual(answer.json["detail"], "Read-only sync paused")
        pull = Streams(self.stack.env()["TIDEMARK_SYNC_ADDRESS"], self.user.token, "pull")
        self.addCleanup(pull.close)
        self.assertEqual(pull.all(), ["end UNAVAILABLE read_paused"])

        cursor = self.desk.cursor
        stored = self.desk.send(self.desk.new_task("while paused"))
        self.assertEqual(stored.status, 200, stored)
        self.assertTrue(stored.json["pull_deferred"])
        self.assertTrue(0 < stored.json["retry_after"] <= DAY_SECONDS)
        self.assertEqual(stored.json["server_time"], cursor)
        self.assertNotIn("etag", stored.json)
        refreshed = self.stack.call("POST", "/auth/refresh", {"refresh_token": self.user.refresh_token})
        self.assertEqual(refreshed.status, 200, "whoever cannot refresh cannot push")

        self.others_used(0, "open")
        phone.sync()
        self.assertEqual(set(phone.contents.values()), {"before", "while paused"})

    def test_used_up_everything_is_refused_and_a_queue_is_stored_whole_afterwards(self):
        self.addCleanup(renew_auth, self.stack)
        queue = [self.desk.new_task(f"task {number}") for number in range(3)]
        self.use_for_this_test(1.0, "exhausted")
        for change in queue:
            self.assert_until_midnight(lambda: self.desk.send(change), 429, "quota_exhausted")
        self.assert_until_midnight(lambda: self.user.call("GET", "/sync/check"), 429, "quota_exhausted")
        self.assert_until_midnight(lambda: self.user.call("POST", "/sync", {"last_sync": 0, "device_id": "x"}), 429,
                                   "quota_exhausted")
        pull = Streams(self.stack.env()["TIDEMARK_SYNC_ADDRESS"], self.user.token, "pull")
        self.addCleanup(pull.close)
        self.assertEqual(pull.all(), ["end RESOURCE_EXHAUSTED quota_exhausted"])

        self.others_used(0, "open")
        self.desk.sync(*queue)
        fresh = self.user.device("fresh")
        fresh.sync()
        self.assertEqual(sorted(fresh.contents.values()), ["task 0", "task 1", "task 2"])

    def test_the_status_page_tells_what_is_used_of_each_budget_and_whether_anything_is_refused(self):
        self.addCleanup(renew_auth, self.stack)
        self.addCleanup(self.others_used, 0, "open")
        for part, state in ((0.5, "open"), (0.91, "read_paused"), (1.0, "exhausted")):
            with self.subTest(state):
                self.others_used(round(BUDGET * part), state)
                eventually("it is told", lambda: self.told_requests() >= BUDGET * part)
                self.assertEqual(self.told_quota()["state"], state)
                # The gateway tells what it heard last, which takes longer on a machine that is busy.
                eventually("how long it is to midnight is told",
                           lambda: abs(self.told_quota()["reset_after"] - self.quota()["reset_after"]) <= 2)

    def told_quota(self) -> dict[str, Any]:
        # Null for a moment, until the gateway has heard it from a sync process.
        return eventually("the quota is told", lambda: self.stack.call("GET", "/status.json").json["quota"])

    def told_requests(self) -> int:
        return sum(budget["used"] for budget in self.told_quota()["budgets"] if budget["resource"] == "requests")

    def test_a_cache_budget_that_is_used_up_switches_the_cache_off_and_no_304_is_stale(self):
        self.desk.sync(self.desk.new_task("first"))
        self.assertEqual(self.desk.check().status, 304)
        old = self.desk.etag
        self.load_for_this_test(with_budgets(cache_reads=1, cache_writes=1))
        self.assertEqual((self.quota()["cache_off"], self.quota()["state"]), (True, "open"))
        reads = self.used()["cache_reads"]
        self.assertEqual(self.desk.check().status, 304, "from the database")
        self.desk.sync(self.desk.new_task("second"))
        self.assertEqual(self.check_against(old), 200)
        self.assertEqual(cached(self.stack, self.user.id), [], "the push has taken the old head away")
        self.assertEqual(self.used()["cache_reads"], reads)

        self.load(with_budgets(requests=BUDGET))
        self.assertFalse(self.quota()["cache_off"])
        self.assertEqual(self.check_against(old), 200)
        self.assertEqual(self.desk.check().status, 304)

    def check_against(self, etag: str) -> int:
        return self.user.call("GET", "/sync/check", headers={"If-None-Match": etag}).status

    def test_the_day_counts_what_was_done_and_survives_restarts(self):
        before = self.used()
        self.desk.sync(self.desk.new_task("counted"))
        for _ in range(20):
            self.desk.check()
        after = self.used()
        self.assertGreaterEqual(after["requests"] - before["requests"], 22)
        self.assertGreaterEqual(after["cache_reads"] - before["cache_reads"], 20)
        for resource in ("database_reads", "database_writes", "cache_writes"):
            self.assertGreater(after[resource], before[resource], resource)
        for process in ("sync", "ratelimit"):
            self.stack.end_and_await_another(process, signal.SIGTERM)
        eventually("sync serves again", lambda: self.user.call("GET", "/usage").status == 200)
        eventually("the day is known again", lambda: self.used()["requests"] >= after["requests"])

    def test_counting_costs_less_than_a_redis_command_in_ten_requests(self):
        requests = 500
        commands_of_a_report = 4  # EVALSHA, TIME, HMGET, HSET
        before = redis_calls(self.stack, "hset")
        for _ in range(requests):
            self.desk.check()
        # A process looks now and then whether a report is due.
        reports = eventually("they are reported", lambda: redis_calls(self.stack, "hset") - before)
        self.assertLess(reports * commands_of_a_report, requests / 10)

    def test_a_bad_limits_file_is_refused_in_words_and_the_old_limits_stay(self):
        self.load_for_this_test("policies { name: \"sync\" }\n")
        log = (self.stack.data / "logs" / "sync.log").read_text()
        self.assertIn("limits.textproto:1: policy \\\"sync\\\": neither token_bucket nor daily_counter is set", log)
        requests = next(budget for budget in self.quota()["budgets"] if budget["resource"] == "requests")
        self.assertEqual(requests["budget"], BUDGET)

    def test_limits_that_were_changed_hold_at_once(self):
        tight = re.sub(r'(name: "sync"\s+token_bucket \{ capacity: )\d+( refill_interval_ms: )\d+',
                       r"\g<1>2\g<2>3600000", DEV)
        self.load_for_this_test(tight)
        self.assertEqual([self.desk.send().status for _ in range(3)], [200, 200, 429])

    def test_usage_tells_buckets_and_limits_as_numbers(self):
        usage = self.user.call("GET", "/usage").json
        self.assertEqual({bucket["policy"] for bucket in usage["buckets"]},
                         {"sync", "check", "live", "other", "push_reserve", "v1_sync"})
        limits = usage["limits"]
        self.assertTrue(all(isinstance(limit, int) for limit in limits.values()), limits)
        self.assertEqual((limits["body_bytes_max"], limits["changes_max"], limits["content_bytes_max"]),
                         (2 * 1024 * 1024, 1_000, 16_384))


if __name__ == "__main__":
    unittest.main()
