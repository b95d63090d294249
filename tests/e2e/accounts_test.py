"""What a person does with an account: password, sessions, deletion. A token is refused at once when its session ends."""

import concurrent.futures
import time
import unittest
from typing import Any

import auth_service
import grpc_call
from client import PASSWORD, Answer, User, call, now_ms
from stack import Stack, eventually
from stored import TABLES, query
from stream_test import LiveStream
from twin import Twin

NEW_PASSWORD = "another good password"
# An access token lives for fifteen minutes.
SOON_SECONDS = 60
NOBODY = "00000000-0000-4000-8000-000000000000"


class AccountCase(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()

    def logged_in(self, password: str = PASSWORD) -> User:
        """The same person on another device."""
        answer = self.stack.call("POST", "/auth/login",
                                 {"email": self.user.email, "password": password, "device_id": "desk"})
        self.assertEqual(answer.status, 200, answer)
        other = self.user.through(self.user.base)
        other.take(answer.json)
        return other

    def sessions(self, user: User) -> list[dict[str, Any]]:
        answer = user.call("GET", "/auth/sessions")
        self.assertEqual(answer.status, 200, answer)
        return answer.json["sessions"]

    def own_session(self, user: User) -> str:
        [own] = [session["id"] for session in self.sessions(user) if session["current"]]
        return own

    def assert_works(self, user: User) -> None:
        self.assertEqual(user.call("GET", "/sync/check").status, 200)

    def assert_refused(self, user: User) -> None:
        for method, path, body in (("GET", "/sync/check", None), ("POST", "/sync", {"last_sync": 0}),
                                   ("GET", "/devices", None), ("GET", "/auth/sessions", None)):
            with self.subTest(path):
                answer = user.call(method, path, body)
                self.assertEqual((answer.status, answer.code), (401, "invalid_token"))

    def change_password(self, user: User, current: str, new: str) -> Answer:
        return user.call("POST", "/auth/password", {"current_password": current, "new_password": new})


class PasswordTest(AccountCase):
    def test_a_new_password_ends_every_other_session_at_once(self):
        desk, laptop = self.logged_in(), self.logged_in()
        answer = self.change_password(desk, PASSWORD, NEW_PASSWORD)
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assert_refused(self.user)
        self.assert_refused(laptop)
        self.assert_works(desk)
        self.assertEqual(self.stack.call("POST", "/auth/login", {"email": self.user.email, "password": PASSWORD}).status,
                         401)
        self.assert_works(self.logged_in(NEW_PASSWORD))

    def test_a_wrong_or_weak_password_changes_nothing(self):
        desk = self.logged_in()
        for current, new, expected in (("not the password", NEW_PASSWORD, (401, "bad_credentials")),
                                       (PASSWORD, "short", (422, "weak_password"))):
            answer = self.change_password(desk, current, new)
            self.assertEqual((answer.status, answer.code), expected)
        self.assert_works(self.user)
        self.assert_works(self.logged_in())


class SessionsTest(AccountCase):
    def test_a_session_tells_its_device_and_which_is_the_callers(self):
        desk = self.logged_in()
        listed = self.sessions(desk)
        self.assertEqual([(session["device_id"], session["current"]) for session in listed],
                         [("desk", True), ("", False)])
        for session in listed:
            self.assertTrue(0 < session["created_at"] <= session["last_used_at"] <= now_ms() + 60_000)

    def test_a_revoked_session_is_refused_at_once_and_others_go_on(self):
        desk = self.logged_in()
        answer = desk.call("DELETE", f"/auth/sessions/{self.own_session(self.user)}")
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assert_refused(self.user)
        self.assert_works(desk)
        self.assertEqual(self.stack.call("POST", "/auth/refresh", {"refresh_token": self.user.refresh_token}).status, 401)

    def test_a_session_that_is_not_the_callers_is_not_found(self):
        for session in (NOBODY, "1", self.own_session(self.stack.user())):
            answer = self.user.call("DELETE", f"/auth/sessions/{session}")
            self.assertEqual((answer.status, answer.code), (404, "not_found"))

    def test_after_a_logout_the_access_token_is_refused_at_once(self):
        for _ in range(10):
            desk = self.logged_in()
            self.assert_works(desk)
            self.stack.call("POST", "/auth/logout", {"refresh_token": desk.refresh_token})
            self.assertEqual(desk.call("GET", "/sync/check").status, 401)

    def test_a_live_stream_ends_with_its_session(self):
        stream = LiveStream(self.user)
        self.addCleanup(stream.close)
        stream.head()
        self.stack.call("POST", "/auth/logout", {"refresh_token": self.user.refresh_token})
        ended = time.monotonic()
        while event := stream.event():
            self.assertNotEqual(event["event"], "head")
        self.assertLess(time.monotonic() - ended, SOON_SECONDS, "it ended with its token")

    def test_fifty_refreshes_at_once_leave_one_live_family(self):
        def refresh(_: int) -> Answer:
            return self.stack.call("POST", "/auth/refresh", {"refresh_token": self.user.refresh_token})

        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            answers = list(pool.map(refresh, range(50)))
        self.assertEqual({answer.status for answer in answers}, {200})
        [successor] = {answer.json["refresh_token"] for answer in answers}
        self.assertEqual(self.stack.call("POST", "/auth/refresh", {"refresh_token": successor}).status, 200)

    def test_what_another_replica_revokes_is_refused_in_a_moment(self):
        auth = Twin(self.stack, "auth")
        self.addCleanup(auth.kill)
        auth.await_ready()
        gateway = Twin(self.stack, "gateway", auth_address=auth.address)
        self.addCleanup(gateway.kill)
        answer = call(f"http://{gateway.address}", "POST", "/auth/logout", {"refresh_token": self.user.refresh_token})
        self.assertEqual(answer.status, 204)
        eventually("the token is refused", lambda: self.user.call("GET", "/sync/check").status == 401)


class DeletionTest(AccountCase):
    def delete(self, user: User, password: str = PASSWORD) -> Answer:
        return user.call("DELETE", "/auth/account", {"password": password})

    def rows(self) -> int:
        counted = " + ".join(f"(select count(*) from sync.{table} where user_id = '{self.user.id}')"
                             for table in TABLES if table != "heads")
        return int(query(self.stack, f"select {counted}"))

    def test_a_deleted_account_leaves_nothing_and_no_token_brings_it_back(self):
        desk, device = self.logged_in(), self.user.device("phone")
        task = device.new_task("Buy milk")
        device.sync(task)
        device.sync(device.edit(task["id"], content="Buy oat milk"))
        self.assertGreater(self.rows(), 0)

        answer = self.delete(self.user, "not the password")
        self.assertEqual((answer.status, answer.code), (401, "bad_credentials"))
        self.assertEqual(device.check().status, 304)

        answer = self.delete(self.user)
        self.assertEqual((answer.status, answer.body), (204, b""))
        self.assertEqual(device.send(device.new_task("Back again")).status, 401)
        self.assert_refused(self.user)
        self.assert_refused(desk)
        self.assertEqual(self.rows(), 0)
        left = f"select count(*) from sync.heads where user_id = '{self.user.id}' and high_water + live_count > 0"
        self.assertEqual(query(self.stack, left), "0")
        self.assertEqual(query(self.stack, f"select count(*) from auth.accounts where user_id = '{self.user.id}'"), "0")
        self.assertEqual(self.stack.call("POST", "/auth/login", {"email": self.user.email, "password": PASSWORD}).status,
                         401)

    def test_the_address_may_register_again_as_a_new_and_empty_user(self):
        device = self.user.device("phone")
        device.sync(device.new_task("Buy milk"))
        self.assertEqual(self.delete(self.user).status, 204)
        answer = self.stack.call("POST", "/auth/register", {"email": self.user.email, "password": PASSWORD})
        self.assertEqual(answer.status, 201, answer)
        self.assertNotEqual(answer.json["user_id"], self.user.id)
        self.user.take(answer.json)
        device = self.user.device("phone")
        device.sync()
        self.assertEqual(device.contents, {})

    def test_pushes_under_way_leave_nothing_behind(self):
        devices = [self.logged_in().device(f"device-{i}") for i in range(4)]

        def push_until_refused(device: Any) -> int:
            for i in range(10_000):
                status = device.send(device.new_task(f"task {i}")).status
                if status != 200:
                    return status
            return 200

        with concurrent.futures.ThreadPoolExecutor(len(devices)) as pool:
            pushing = [pool.submit(push_until_refused, device) for device in devices]
            eventually("something is stored", self.rows)
            self.assertEqual(self.delete(self.user).status, 204)
            self.assertEqual({each.result() for each in pushing}, {401})
        self.assertEqual(self.rows(), 0)

    def test_a_deletion_that_cannot_reach_the_tasks_can_be_asked_for_again(self):
        device = self.user.device("phone")
        device.sync(device.new_task("Buy milk"))
        auth = Twin(self.stack, "auth", sync_address="127.0.0.1:1")
        self.addCleanup(auth.kill)
        auth.await_ready()
        gateway = Twin(self.stack, "gateway", auth_address=auth.address)
        self.addCleanup(gateway.kill)
        answer = self.delete(self.user.through(f"http://{gateway.address}"))
        self.assertEqual((answer.status, answer.code), (503, "unavailable"))
        self.assertIn("retry-after", answer.headers)
        self.assertEqual(self.delete(self.user).status, 204)
        self.assertEqual(self.rows(), 0)

    def test_only_a_service_may_erase_a_user(self):
        device = self.user.device("phone")
        device.sync(device.new_task("Buy milk"))
        request = auth_service.text_field(1, self.user.id)
        method = "/tidemark.v1.SyncService/EraseUser"
        for metadata in ({}, {"service-token": "guess"}, {"authorization": f"Bearer {self.user.token}"}):
            self.assertEqual(grpc_call.call(self.stack.address("sync"), method, request, metadata), [])
        self.assertGreater(self.rows(), 0)
        own = {"service-token": auth_service.setting(self.stack, "SERVICE_TOKEN")}
        self.assertEqual(grpc_call.call(self.stack.address("sync"), method, request, own), [b""])
        self.assertEqual(self.rows(), 0)
