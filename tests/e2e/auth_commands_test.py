"""tidemark-auth --reset-password and --rotate-keys beside a running Tidemark, and who is kept out by whom."""

import base64
import json
import threading
import unittest

from auth_service import command, may_log_in
from client import PASSWORD, User
from stack import Stack, eventually
from twin import Twin

NEW_PASSWORD = "another good password"
# The capacity of the policy `login` in the profile `final`.
LOGIN_CAPACITY = 10
# A new key takes over in a minute.
ROTATION_SECONDS = 120


class ResetPasswordTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()

    def login(self, password: str) -> int:
        return self.stack.call("POST", "/auth/login", {"email": self.user.email, "password": password}).status

    def test_a_forgotten_password_is_replaced_and_all_sessions_end(self):
        done = command(self.stack, "--reset-password", self.user.email.upper(), stdin=NEW_PASSWORD + "\n")
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertEqual((self.login(PASSWORD), self.login(NEW_PASSWORD)), (401, 200))
        self.assertEqual(self.stack.call("POST", "/auth/refresh", {"refresh_token": self.user.refresh_token}).status, 401)
        eventually("the access token is refused", lambda: self.user.call("GET", "/sync/check").status == 401)

    def test_without_one_a_password_is_made_and_printed_alone(self):
        done = command(self.stack, "--reset-password", self.user.email)
        self.assertEqual(done.returncode, 0, done.stderr)
        made = done.stdout.removesuffix("\n")
        self.assertEqual(len(made), 24)
        self.assertNotIn(made, done.stderr)
        self.assertEqual(self.login(made), 200)

    def test_a_weak_password_and_an_unknown_address_change_nothing(self):
        self.assertEqual(command(self.stack, "--reset-password", self.user.email, stdin="short\n").returncode, 1)
        self.assertEqual(command(self.stack, "--reset-password", "nobody-" + self.user.email).returncode, 1)
        self.assertEqual(self.login(PASSWORD), 200)


class BruteForceTest(unittest.TestCase):
    def test_an_attacker_is_limited_and_does_not_keep_the_owner_out(self):
        stack = Stack.shared("final")
        user = stack.user()  # from 127.0.0.1
        for i in range(LOGIN_CAPACITY):
            self.assertFalse(may_log_in(stack, user.email, f"guess number {i}", f"192.0.2.{i}"))
        self.assertFalse(may_log_in(stack, user.email, PASSWORD, "198.51.100.1"), "the account is limited")
        self.assertTrue(may_log_in(stack, user.email, PASSWORD, "127.0.0.1"), "from home the owner gets in")


class RotateKeysTest(unittest.TestCase):
    def test_no_request_fails_while_a_new_key_takes_over(self):
        stack = Stack.shared()
        auth = Twin(stack, "auth")
        self.addCleanup(auth.kill)
        auth.await_ready()
        gateway = Twin(stack, "gateway", auth_address=auth.address)
        self.addCleanup(gateway.kill)
        # Each lives on its own replica of the auth service.
        users = [stack.user(), stack.user().through(f"http://{gateway.address}")]
        first = key_of(users[0])

        done = command(stack, "--rotate-keys")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("takes over at", done.stdout)
        eventually("both keys are published", lambda: first in (keys := published(stack)) and len(keys) > 1)
        self.assertEqual(key_of(users[0]), first)

        failed: list[str] = []
        over = threading.Event()
        threads = [threading.Thread(target=use_until, args=(user, over, failed)) for user in users]
        for thread in threads:
            thread.start()
        try:
            eventually("the new key signs", lambda: all(key_of(user) != first for user in users), ROTATION_SECONDS)
        finally:
            over.set()
            for thread in threads:
                thread.join()
        self.assertEqual(failed, [])
        self.assertIn(first, published(stack), "its tokens live on")


def use_until(user: User, over: threading.Event, failed: list[str]) -> None:
    while not over.wait(0.05):
        refreshed = user.call("POST", "/auth/refresh", {"refresh_token": user.refresh_token})
        if refreshed.status != 200:
            failed.append(f"refresh: {refreshed}")
            return
        user.take(refreshed.json)
        checked = user.call("GET", "/sync/check")
        if checked.status != 200:
            failed.append(f"check: {checked}")


def key_of(user: User) -> str:
    header = user.token.split(".")[0]
    return json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]


def published(stack: Stack) -> list[str]:
    return [key["kid"] for key in stack.call("GET", "/.well-known/jwks.json").json["keys"]]
