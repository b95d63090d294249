"""The documented limits, as the profile `final` holds them."""

import unittest
import uuid

from client import PASSWORD, call
from stack import DAY_SECONDS, Stack, await_day_with_room
from streams_test import Streams
from twin import Twin

SYNC_CAPACITY = 10
SYNC_REFILL_SECONDS = 4 * 60 * 60
V1_DAILY_LIMIT = 100
REGISTER_CAPACITY = 20


class LimitsTest(unittest.TestCase):
    def setUp(self):
        self.user = Stack.shared("final").user()

    def test_the_sync_after_the_last_token_is_429_and_says_when_to_come_back(self):
        device = self.user.device("desk")
        for i in range(SYNC_CAPACITY):
            self.assertEqual(device.send().status, 200, f"sync {i + 1}")
        answer = device.send()
        self.assertEqual((answer.status, answer.code), (429, "rate_limited"))
        wait = int(answer.headers["retry-after"])
        self.assertTrue(0 < wait <= SYNC_REFILL_SECONDS, wait)
        self.assertEqual(answer.json["retry_after"], wait)

    def test_one_users_limit_is_not_anothers(self):
        device = self.user.device("desk")
        for _ in range(SYNC_CAPACITY + 1):
            last = device.send()
        self.assertEqual(last.status, 429)
        self.assertEqual(Stack.shared("final").user().device("desk").send().status, 200)

    def test_every_answer_tells_what_is_left(self):
        answer = self.user.device("desk").send()
        self.assertIn("sync", answer.headers["ratelimit-policy"])
        self.assertIn("sync", answer.headers["ratelimit"])

    def test_a_session_that_watches_pulls_from_a_bucket_of_its_own(self):
        watch = Streams(Stack.shared("final").env()["TIDEMARK_SYNC_ADDRESS"], self.user.token, "watch")
        self.addCleanup(watch.close)
        watch.line()
        device = self.user.device("desk")
        for i in range(SYNC_CAPACITY + 1):
            answer = device.send()
            self.assertEqual(answer.status, 200, f"sync {i + 1}")
        self.assertTrue(answer.headers["ratelimit"].startswith('"live"'), answer.headers)
        usage = self.user.call("GET", "/usage").json
        remaining = {bucket["policy"]: bucket["remaining"] for bucket in usage["buckets"]}
        self.assertEqual(remaining["sync"], SYNC_CAPACITY)

    def test_v1_stops_for_the_day_after_its_daily_counter(self):
        await_day_with_room()
        for i in range(V1_DAILY_LIMIT):
            self.assertEqual(self.user.call("POST", "/v1/sync", {"last_sync": 0}).status, 200, f"sync {i + 1}")
        answer = self.user.call("POST", "/v1/sync", {"last_sync": 0})
        self.assertEqual(answer.status, 429, answer)
        self.assertIn("Daily sync limit reached", answer.json["detail"])
        self.assertTrue(0 < int(answer.headers["retry-after"]) <= DAY_SECONDS)

    def test_behind_a_trusted_proxy_each_client_has_limits_of_its_own(self):
        gateway = Twin(Stack.shared("final"), "gateway", trusted_proxies="127.0.0.1")
        self.addCleanup(gateway.kill)
        gateway.await_ready()

        def register(forwarded_for: str) -> int:
            body = {"email": f"{uuid.uuid4().hex}@example.com", "password": PASSWORD}
            headers = {"X-Forwarded-For": forwarded_for}
            return call(f"http://{gateway.address}", "POST", "/auth/register", body, headers=headers).status

        made_up = (f"203.0.113.{number}, 2001:db8:1:2::{number}" for number in range(REGISTER_CAPACITY))
        self.assertEqual([register(addresses) for addresses in made_up], [201] * REGISTER_CAPACITY)
        self.assertEqual(register("2001:db8:1:2::ffff"), 429, "the same subscriber")
        self.assertEqual(register("2001:db8:1:3::1"), 201)
