"""What a client does wrong is told by code, and changes nothing."""

import base64
import json
import unittest

from stack import Stack


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class BadRequestsTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()
        self.desk = self.user.device("desk")
        self.desk.sync(self.desk.new_task("what was there"))

    def assert_nothing_changed(self):
        self.assertEqual(self.desk.check().status, 304)
        fresh = self.user.device("fresh")
        fresh.sync()
        self.assertEqual(list(fresh.contents.values()), ["what was there"])

    def assert_problem(self, answer, status: int, code: str):
        self.assertEqual((answer.status, answer.code), (status, code), answer)
        for member in ("type", "title", "detail"):
            self.assertIsInstance(answer.json[member], str)
        self.assertEqual(answer.json["status"], status)

    def test_malformed_json_is_400_and_changes_nothing(self):
        for body in (b"{", b"{not json", b'{"changes":[}', b"{} trailing", b'{"a":"\xff"}', b"[" * 5000):
            with self.subTest(body[:20]):
                self.assert_problem(self.user.call("POST", "/sync", body), 400, "malformed_json")
        self.assert_nothing_changed()

    def test_a_wrong_type_anywhere_is_400_with_its_pointer_and_stores_nothing_of_the_request(self):
        good = self.desk.new_task("good")
        for member, value in (("completed", "yes"), ("content", 5), ("version", "1"), ("updated_at", 1.5),
                              ("id", None), ("pinned", 0), ("mutation_id", "1"), ("device_id", [])):
            with self.subTest(member):
                answer = self.user.call("POST", "/sync", {"changes": [good, self.desk.new_task("bad") | {member: value}]})
                self.assert_problem(answer, 400, "bad_type")
                self.assertEqual(answer.json["pointer"], f"/changes/1/{member}")
        self.assert_nothing_changed()

    def test_a_body_that_is_not_an_object_of_the_right_types_is_400(self):
        for body in (b"[]", b"5", b'"x"', b"null", b'{"changes":{}}', b'{"last_sync":"0"}', b'{"changes":[1]}'):
            with self.subTest(body):
                self.assert_problem(self.user.call("POST", "/sync", body), 400, "bad_type")
        self.assert_nothing_changed()

    def test_a_change_over_a_limit_is_rejected_and_the_rest_is_stored(self):
        good, long = self.desk.new_task("good"), self.desk.new_task("x" * 16_385)
        answer = self.desk.send(good, long).json
        self.assertEqual([(row["id"], row["code"]) for row in answer["rejected"]], [(long["id"], "content_too_long")])
        fresh = self.user.device("fresh")
        fresh.sync()
        self.assertIn(good["id"], fresh.tasks)
        self.assertNotIn(long["id"], fresh.tasks)

    def test_too_much_at_once_is_413_and_changes_nothing(self):
        many = [self.desk.new_task("x") for _ in range(1001)]
        self.assert_problem(self.user.call("POST", "/sync", {"changes": many}), 413, "too_many_changes")
        self.assert_problem(self.user.call("POST", "/sync", b" " * (2 * 1024 * 1024 + 1)), 413, "body_too_large")
        self.assert_nothing_changed()

    def test_an_unknown_route_is_404_and_a_wrong_method_405_with_those_allowed(self):
        self.assertEqual(self.stack.call("GET", "/nowhere").status, 404)
        answer = self.user.call("DELETE", "/sync/check")
        self.assertEqual(answer.status, 405)
        self.assertIn("GET", answer.headers["allow"])

    def test_an_answer_carries_the_request_id_that_was_sent(self):
        answer = self.user.call("POST", "/sync", b"{", headers={"X-Request-Id": "e2e-1"})
        self.assertEqual((answer.headers["x-request-id"], answer.json["request_id"]), ("e2e-1", "e2e-1"))


class TokensTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()
        self.header, self.claims, self.signature = self.user.token.split(".")

    def assert_refused(self, token: str, code: str = "invalid_token"):
        for method, path in (("POST", "/sync"), ("GET", "/sync/check"), ("POST", "/v1/sync")):
            answer = self.stack.call(method, path, {"last_sync": 0} if method == "POST" else None, token=token)
            self.assertEqual((answer.status, answer.code), (401, code), f"{path}: {answer}")
            self.assertIn("Bearer", answer.headers["www-authenticate"])

    def forged(self, algorithm: str, signature: str) -> str:
        header = json.loads(base64.urlsafe_b64decode(self.header + "=="))
        return ".".join([base64url(json.dumps(header | {"alg": algorithm}).encode()), self.claims, signature])

    def test_a_request_without_token_is_told_so(self):
        self.assert_refused("", "missing_token")

    def test_what_is_no_token_is_refused(self):
        for token in ("x", "a.b.c", "..", self.user.refresh_token, "x" * 3000):
            with self.subTest(token[:20]):
                self.assert_refused(token)

    def test_a_token_whose_signature_or_claims_were_altered_is_refused(self):
        other = self.stack.user().token.split(".")
        self.assert_refused(".".join([self.header, self.claims, other[2]]))
        self.assert_refused(".".join([self.header, other[1], self.signature]))

    def test_the_algorithm_is_fixed_by_the_key_and_never_by_the_token(self):
        self.assert_refused(self.forged("none", ""))
        self.assert_refused(self.forged("none", self.signature))
        self.assert_refused(self.forged("HS256", self.signature))
