"""The contract that is served, and answers that no other test asks for (client.py holds them against it)."""

import json
import re
import unittest

from openapi import document

from stack import Stack

JSON_ROUTES = ("/auth/register", "/auth/login", "/auth/refresh", "/auth/logout", "/auth/password", "/sync",
               "/v1/sync")
# Where a path has a value.
VALUE = re.compile(r"\{\w+\}")
UNACCEPTABLE = (
    ("POST", "/auth/login", {}),
    ("POST", "/auth/refresh", {}),
    ("POST", "/auth/logout", {}),
    ("POST", "/auth/password", {}),
    ("DELETE", "/auth/account", {}),
    ("POST", "/sync", {"last_sync": -1}),
    ("POST", "/v1/sync", {"changes": [{}]}),
    ("GET", "/sync/check?device_id=a%20b", None),
    ("GET", "/tasks/a%20b/history", None),
)


class ContractTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()

    def test_the_contract_that_is_served_is_the_one_these_tests_go_by(self):
        self.assertEqual(self.stack.call("GET", "/openapi.json").json, json.loads(json.dumps(document.load())))

    def test_the_contract_its_page_and_the_web_page_are_sent_once(self):
        for path in ("/openapi.json", "/docs", "/docs/style.css", "/"):
            with self.subTest(path):
                first = self.stack.call("GET", path)
                again = self.stack.call("GET", path, headers={"If-None-Match": first.headers["etag"]})
                self.assertEqual((first.status, again.status, again.body), (200, 304, b""))
                self.assertEqual(self.stack.call("HEAD", path).headers["etag"], first.headers["etag"])

    def test_a_running_server_is_live_and_ready(self):
        for path in ("/livez", "/readyz"):
            self.assertEqual(self.stack.call("GET", path).status, 200)

    def test_each_route_that_takes_json_tells_what_is_wrong_with_a_body(self):
        user = self.stack.user()
        for path in JSON_ROUTES:
            for body in (b"{", b"[]"):
                with self.subTest(path, body=body):
                    self.assertEqual(user.call("POST", path, body).status, 400)
            with self.subTest(path, kind="text/plain"):
                self.assertEqual(user.call("POST", path, b"{}", {"Content-Type": "text/plain"}).status, 415)

    def test_a_value_out_of_bounds_or_a_member_that_is_missing_is_422(self):
        user = self.stack.user()
        for method, path, body in UNACCEPTABLE:
            with self.subTest(path):
                self.assertEqual(user.call(method, path, body).status, 422)

    def test_each_route_of_a_person_wants_a_token(self):
        for method, path, operation in document.operations(document.load()):
            if operation.get("security") != []:
                with self.subTest(path, method=method):
                    answer = self.stack.call(method.upper(), VALUE.sub("milk", path))
                    self.assertEqual((answer.status, answer.code), (401, "missing_token"))

    def test_a_method_that_is_not_described_is_405(self):
        for path in document.load()["paths"]:
            with self.subTest(path):
                answer = self.stack.call("PUT", VALUE.sub("milk", path))
                self.assertEqual((answer.status, answer.code), (405, "method_not_allowed"))
