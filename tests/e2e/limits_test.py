"""The documented limits, as the profile `final` holds them."""

import unittest

from stack import Stack

SYNC_CAPACITY = 10
SYNC_REFILL_SECONDS = 4 * 60 * 60
V1_DAILY_LIMIT = 100
DAY_SECONDS = 24 * 60 * 60


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

    def test_v1_stops_for_the_day_after_its_daily_counter(self):
        for i in range(V1_DAILY_LIMIT):
            self.assertEqual(self.user.call("POST", "/v1/sync", {"last_sync": 0}).status, 200, f"sync {i + 1}")
        answer = self.user.call("POST", "/v1/sync", {"last_sync": 0})
        self.assertEqual(answer.status, 429, answer)
        self.assertIn("Daily sync limit reached", answer.json["detail"])
        self.assertTrue(0 < int(answer.headers["retry-after"]) <= DAY_SECONDS)
