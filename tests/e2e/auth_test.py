"""Accounts and sessions through the gateway."""

import unittest

from client import PASSWORD
from stack import Stack


class AuthTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()

    def post(self, path: str, **body):
        return self.stack.call("POST", path, body)

    def test_an_email_registers_once_whatever_its_case(self):
        answer = self.post("/auth/register", email=self.user.email.upper(), password=PASSWORD)
        self.assertEqual((answer.status, answer.code), (409, "email_taken"))

    def test_weak_passwords_and_bad_addresses_are_refused(self):
        for email, password, code in (("a@example.com", "short", "weak_password"), ("nobody", PASSWORD, "invalid_email"),
                                      ("b@example.com", "password123", "weak_password")):
            with self.subTest(code, password=password):
                answer = self.post("/auth/register", email=email, password=password)
                self.assertEqual((answer.status, answer.code), (422, code))

    def test_login_gives_tokens_of_the_same_user(self):
        answer = self.post("/auth/login", email=self.user.email, password=PASSWORD)
        self.assertEqual((answer.status, answer.json["user_id"]), (200, self.user.id))
        self.assertEqual((answer.json["token_type"], answer.json["expires_in"]), ("Bearer", 900))

    def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(self):
        wrong = self.post("/auth/login", email=self.user.email, password="not the password")
        unknown = self.post("/auth/login", email="nobody-" + self.user.email, password="not the password")
        self.assertEqual((wrong.status, wrong.code), (401, "bad_credentials"))
        self.assertEqual((unknown.status, unknown.code, unknown.json["detail"]),
                         (wrong.status, wrong.code, wrong.json["detail"]))

    def test_a_refresh_token_is_spent_for_a_new_pair(self):
        answer = self.post("/auth/refresh", refresh_token=self.user.refresh_token)
        self.assertEqual(answer.status, 200)
        self.assertNotEqual(answer.json["refresh_token"], self.user.refresh_token)
        self.user.take(answer.json)
        self.assertEqual(self.user.call("GET", "/sync/check").status, 200)

    def test_a_lost_answer_to_a_refresh_does_not_log_a_person_out(self):
        first = self.post("/auth/refresh", refresh_token=self.user.refresh_token)
        again = self.post("/auth/refresh", refresh_token=self.user.refresh_token)
        self.assertEqual((again.status, again.json["refresh_token"]), (200, first.json["refresh_token"]))

    def test_a_refresh_token_from_further_back_ends_the_whole_session(self):
        oldest = self.user.refresh_token
        for _ in range(2):
            self.user.take(self.post("/auth/refresh", refresh_token=self.user.refresh_token).json)
        answer = self.post("/auth/refresh", refresh_token=oldest)
        self.assertEqual((answer.status, answer.code), (401, "token_reused"))
        self.assertEqual(self.post("/auth/refresh", refresh_token=self.user.refresh_token).status, 401)

    def test_logout_ends_the_sessions_refresh_tokens(self):
        self.assertEqual(self.post("/auth/logout", refresh_token=self.user.refresh_token).status, 204)
        self.assertEqual(self.post("/auth/refresh", refresh_token=self.user.refresh_token).status, 401)

    def test_the_published_keys_are_public_keys(self):
        keys = self.stack.call("GET", "/.well-known/jwks.json").json["keys"]
        self.assertGreaterEqual(len(keys), 1)
        for key in keys:
            self.assertTrue(key["kid"])
            self.assertNotIn("d", key)
