"""The status page: who may see it, and that what it tells is so."""

import base64
import unittest
from typing import Any
from unittest import mock

import client
import grpc_call
from client import Answer, call, now_ms
from outage import hangs, is_dead
from stack import ROOT, Stack, await_day_with_room, eventually
from twin import Twin

FILES = sorted(path.name for path in (ROOT / "web" / "status").iterdir() if path.suffix in (".js", ".css"))
PATHS = ("/status", "/status.json", "/status/page.js")
TOKEN = "an-operator-token-of-these-tests"
ELSEWHERE = "198.51.100.1"
GET_STATUS = "/tidemark.v1.StatusService/GetStatus"
NEEDS = {
    "gateway": {"sync", "auth"},
    "sync": {"postgres", "redis", "ratelimit", "auth", "auth_keys"},
    "auth": {"postgres", "ratelimit", "sync"},
    "ratelimit": {"redis"},
}
# An outage is told within so long; a machine that is busy building takes longer than an idle one.
SECONDS = 30
# Whoever asks for the status waits for nobody.
HANGS_SECONDS = 5


def status(url: str) -> dict[str, Any]:
    answer = call(url, "GET", "/status.json")
    assert answer.status == 200, answer
    return answer.json


def states(told: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """By who asks, and whom."""
    return {(process["name"], dependency["name"]): dependency
            for process in told["processes"] for dependency in process["dependencies"]}


def all_answer(told: dict[str, Any]) -> bool:
    found = states(told)
    return (len(found) == sum(map(len, NEEDS.values()))
            and all(dependency["state"] == "answers" for dependency in found.values()))


def rise(before: dict[str, Any], after: dict[str, Any]) -> dict[str, int]:
    """What was counted since; of the minutes that are told before, the oldest are not any more after a while."""
    first = after["minutes"][0]["at"]

    def total(told: dict[str, Any], name: str) -> int:
        return sum(minute[name] for minute in told["minutes"] if minute["at"] >= first)
    return {name: total(after, name) - total(before, name)
            for name in ("ok", "not_modified", "limited", "refused", "failed")}


class WhatItTellsTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()

    def test_every_process_and_all_that_it_needs_is_told(self):
        eventually("all answers", lambda: all_answer(status(self.stack.url)))
        told = status(self.stack.url)
        self.assertEqual([process["name"] for process in told["processes"]],
                         ["gateway", "sync", "ratelimit", "auth"])
        needed = {process["name"]: {dependency["name"] for dependency in process["dependencies"]}
                  for process in told["processes"]}
        self.assertEqual(needed, NEEDS)
        self.assertTrue(all(process["started_at"] <= told["at"] for process in told["processes"]))
        self.assertEqual(told["quota"]["state"], "open")

    def test_what_is_asked_is_counted_by_what_came_of_it(self):
        await_day_with_room()
        desk = self.stack.user().device("desk")
        desk.sync(desk.new_task("counted"))
        before = status(self.stack.url)
        for _ in range(20):
            self.assertEqual(desk.check().status, 304)
        self.stack.call("GET", "/sync/check", token="none")
        desk.sync()
        after = status(self.stack.url)
        self.assertEqual(rise(before, after), {"ok": 1, "not_modified": 20, "limited": 0, "refused": 1, "failed": 0})
        self.assertEqual(after["checks"]["not_modified"] - before["checks"]["not_modified"], 20)
        last = next(minute for minute in reversed(after["minutes"]) if minute["p50_us"] is not None)
        self.assertTrue(last["p50_us"] <= last["p95_us"] <= last["p99_us"])
        eventually("the day's quota counts them", lambda: self.requests_of_the_day() >= 22)

    def requests_of_the_day(self) -> int:
        budgets = status(self.stack.url)["quota"]["budgets"]
        return next(budget["used"] for budget in budgets if budget["resource"] == "requests")

    def test_reads_of_the_head_cache_are_counted_by_tier(self):
        def tiers(url: str) -> dict[str, dict[str, int]]:
            return {tier["name"]: tier for tier in status(url)["cache_tiers"]}
        near = Twin(self.stack, "sync", near_cache="60000")
        self.addCleanup(near.kill)
        gateway = Twin(self.stack, "gateway", sync_address=near.address)
        self.addCleanup(gateway.kill)
        gateway.await_ready()
        url = f"http://{gateway.address}"
        desk = self.stack.user().through(url).device("desk")
        desk.sync(desk.new_task("cached"))
        eventually("the sync process is heard", lambda: "memory" in tiers(url))

        def memory_answers() -> bool:
            self.assertEqual(desk.check().status, 304)
            return tiers(url)["memory"]["hits"] > 0
        # A cache that is new takes no heads at first.
        eventually("a check is answered from memory", memory_answers)
        told = tiers(url)
        self.assertEqual(told["redis"]["reads"], told["memory"]["reads"] - told["memory"]["hits"])
        self.assertEqual(set(tiers(self.stack.url)), {"redis"})

    def test_replicas_are_all_told(self):
        other = Twin(self.stack, "sync")
        self.addCleanup(other.kill)
        both = f"ipv4:{self.stack.env()['TIDEMARK_SYNC_ADDRESS']},{other.address}"
        gateway = Twin(self.stack, "gateway", sync_address=both)
        self.addCleanup(gateway.kill)

        def instances() -> set[str]:
            told = status(f"http://{gateway.address}")
            return {process["instance"] for process in told["processes"] if process["name"] == "sync"}
        eventually("both are told", lambda: len(instances()) == 2)

    def test_the_page_and_its_files_are_sent_once(self):
        for path in ("/status", *(f"/status/{name}" for name in FILES)):
            with self.subTest(path):
                first = self.stack.call("GET", path)
                again = self.stack.call("GET", path, headers={"If-None-Match": first.headers["etag"]})
                self.assertEqual((first.status, again.status), (200, 304))
        self.assertEqual(self.stack.call("GET", "/status/none.js").status, 404)

    def test_a_service_tells_nobody_but_services(self):
        secrets = dict(line.split("=", 1) for line in (self.stack.data / "secrets").read_text().splitlines())
        for service in ("sync", "auth", "ratelimit"):
            with self.subTest(service):
                address = self.stack.address(service)
                self.assertEqual(grpc_call.call(address, GET_STATUS, b""), [])
                self.assertEqual(grpc_call.call(address, GET_STATUS, b"", {"service-token": "none"}), [])
                [told] = grpc_call.call(address, GET_STATUS, b"", {"service-token": secrets["service_token"]})
                self.assertIn(service.encode(), told)


class WhoMaySeeItTest(unittest.TestCase):
    """Of a gateway with an operator token, behind a proxy on its own machine that it trusts."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()
        cls.gateway = Twin(cls.stack, "gateway", operator_token=TOKEN, trusted_proxies="127.0.0.1")
        cls.addClassCleanup(cls.gateway.kill)

    def ask(self, path: str, token: str | None = None, **headers: str) -> Answer:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return call(f"http://{self.gateway.address}", "GET", path, token=token, headers=sent)

    def test_without_a_token_this_machine_itself_may(self):
        for path in PATHS:
            self.assertEqual(self.stack.call("GET", path).status, 200)
            self.assertEqual(self.stack.call("GET", path, headers={"X-Forwarded-For": "127.0.0.1"}).status, 200)

    def test_with_a_token_this_machine_needs_it_too(self):
        for path in PATHS:
            self.assertEqual(self.ask(path).status, 401)
            self.assertEqual(self.ask(path, token=TOKEN).status, 200)

    def test_whoever_a_proxy_asks_for_from_elsewhere_may_not_without_the_token(self):
        for path in PATHS:
            for told in (ELSEWHERE, f"127.0.0.1, {ELSEWHERE}", f"{ELSEWHERE}, 127.0.0.1"):
                with self.subTest(path, told=told):
                    refused = self.ask(path, X_Forwarded_For=told)
                    self.assertEqual((refused.status, refused.code), (401, "missing_token"))
                    self.assertTrue(refused.headers["www-authenticate"].startswith("Basic "), "a browser asks for it")
            self.assertEqual(self.ask(path, X_Forwarded_For=ELSEWHERE, token=TOKEN).status, 200)

    def test_a_browser_gives_the_token_as_a_password(self):
        password = base64.b64encode(f"ada:{TOKEN}".encode()).decode()
        client.secrecy.keep(password)
        answer = self.ask("/status.json", X_Forwarded_For=ELSEWHERE, Authorization=f"Basic {password}")
        self.assertEqual(answer.status, 200)

    def test_another_token_is_refused_a_persons_too(self):
        for token in (TOKEN + "x", TOKEN[:-1], self.stack.user().token):
            refused = self.ask("/status.json", X_Forwarded_For=ELSEWHERE, token=token)
            self.assertEqual((refused.status, refused.code), (401, "invalid_token"))

    def test_a_page_elsewhere_whose_name_points_here_may_not(self):
        self.assertEqual(self.ask("/status.json", Host="evil.example").status, 401)

    def test_where_there_is_no_token_nothing_seems_to_be_there(self):
        for path in PATHS:
            answer = self.stack.call("GET", path, headers={"X-Forwarded-For": ELSEWHERE})
            self.assertEqual((answer.status, answer.code), (404, "not_found"))


class OutagesAreToldTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("status")
        cls.stack.start()
        cls.addClassCleanup(cls.stack.stop)

    def setUp(self):
        self.enterContext(mock.patch.object(client, "TIMEOUT_SECONDS", HANGS_SECONDS))

    def test_each_outage_and_its_end_are_told_within_seconds(self):
        for process, missed_by in (("redis", {"sync", "ratelimit"}), ("ratelimit", {"sync", "auth"}),
                                   ("auth", {"gateway", "sync"}), ("sync", {"gateway", "auth"}),
                                   ("postgres", {"sync", "auth"})):
            for outage in (hangs, is_dead):
                with self.subTest(process, outage=outage.__name__):
                    self.assert_told(outage, process, missed_by)

    def assert_told(self, outage, process: str, missed_by: set[str]) -> None:
        eventually("all answers", lambda: all_answer(status(self.stack.url)), SECONDS)
        began = now_ms()
        with outage(self.stack, process):
            missed = {(name, process) for name in missed_by}
            eventually(f"{process} is told to be away", lambda: self.away() == missed, SECONDS)
            told = states(status(self.stack.url))
            for pair in missed:
                self.assertGreaterEqual(told[pair]["since"], began)
            eventually("the quota is told by who answers",
                       lambda: (status(self.stack.url)["quota"] is None) == (process == "sync"), SECONDS)
        eventually("all answers again", lambda: all_answer(status(self.stack.url)), SECONDS)

    def away(self) -> set[tuple[str, str]]:
        return {pair for pair, dependency in states(status(self.stack.url)).items() if dependency["state"] == "away"}


if __name__ == "__main__":
    unittest.main()
