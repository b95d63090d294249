import json
import unittest
from typing import Any

from . import answers, document

DOCUMENT = document.load()
TOKEN_PROBLEM = {"type": "urn:tidemark:error:missing_token", "title": "An access token is needed", "status": 401,
                 "detail": "none", "code": "missing_token", "request_id": "r1"}
SYNC_ANSWER = {"updates": [], "deleted": [], "conflicts": [], "rejected": [], "server_time": 5, "epoch": "e1",
               "etag": "0-0-0", "has_more": False, "full_resync": False, "next_sync_in": 60}


class AnswersTest(unittest.TestCase):
    def setUp(self):
        self.contract = answers.Contract(DOCUMENT)

    def faults(self, method: str, path: str, status: int, body: Any = None, kind: str = "application/json",
               **headers: str) -> list[str]:
        """Underscores in names of headers stand for hyphens."""
        sent = {"x-request-id": "r1"} | {name.lower().replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["content-type"] = kind
        return self.contract.faults(method, path, status, sent, b"" if body is None else json.dumps(body).encode())

    def problem(self, method: str, path: str, change: dict[str, Any] = {}, **headers: str) -> list[str]:
        body = TOKEN_PROBLEM | change
        return self.faults(method, path, body["status"], body, answers.PROBLEM, **headers)

    def assert_fault(self, words: str, found: list[str]):
        self.assertTrue(any(words in fault for fault in found), f"no fault says “{words}”: {found}")

    def test_an_answer_as_described_has_no_fault(self):
        self.assertEqual(self.faults("POST", "/sync", 200, SYNC_ANSWER, ETag='"0-0-0"'), [])
        self.assertEqual(self.faults("GET", "/sync/check?device_id=a", 304, ETag='"0-0-0"',
                                     Cache_Control="no-cache"), [])
        self.assertEqual(self.problem("GET", "/devices", WWW_Authenticate="Bearer"), [])

    def test_a_status_that_is_not_described_is_a_fault(self):
        self.assert_fault("not 500", self.faults("POST", "/sync", 500))
        self.assert_fault("not 304", self.faults("POST", "/sync", 304))

    def test_a_body_that_is_not_as_its_schema_says_is_a_fault(self):
        for words, change in (("/server_time", {"server_time": "5"}), ("/updates/0", {"updates": [{"id": "a"}]}),
                              ("surprise", {"surprise": 1}), ("/etag", {"etag": '"0-0-0"'})):
            with self.subTest(words):
                self.assert_fault(words, self.faults("POST", "/sync", 200, SYNC_ANSWER | change))
        without = {name: value for name, value in SYNC_ANSWER.items() if name != "epoch"}
        self.assert_fault("'epoch' is a required", self.faults("POST", "/sync", 200, without))

    def test_a_body_of_another_kind_or_where_none_belongs_is_a_fault(self):
        self.assert_fault("text/plain", self.faults("POST", "/sync", 200, SYNC_ANSWER, "text/plain"))
        self.assert_fault("none is described", self.faults("GET", "/sync/check", 200, {}, ETag='"0-0-0"'))

    def test_a_header_that_is_missing_or_wrong_is_a_fault(self):
        self.assert_fault("no ETag", self.faults("GET", "/sync/check", 304, Cache_Control="no-cache"))
        self.assert_fault("ETag", self.faults("GET", "/sync/check", 304, ETag="0-0-0", Cache_Control="no-cache"))
        self.assert_fault("no WWW-Authenticate", self.problem("GET", "/devices"))
        self.assert_fault("no Retry-After", self.problem("GET", "/devices", {"status": 429, "code": "rate_limited",
                                                                              "retry_after": 5}))

    def test_a_code_that_the_operation_does_not_name_is_a_fault(self):
        self.assert_fault("/code", self.problem("GET", "/devices", {"code": "token_reused"}, WWW_Authenticate="Bearer"))

    def test_a_problem_says_the_same_in_its_headers(self):
        change = {"status": 503, "code": "unavailable", "retry_after": 5}
        self.assertEqual(self.problem("GET", "/devices", change, Retry_After="5"), [])
        self.assert_fault("the header 6", self.problem("GET", "/devices", change, Retry_After="6"))
        self.assert_fault("retry_after", self.problem("GET", "/devices", {"status": 503, "code": "unavailable"},
                                                      Retry_After="5"))
        self.assert_fault("the header r2", self.problem("GET", "/devices", WWW_Authenticate="Bearer",
                                                           X_Request_Id="r2"))

    def test_what_is_no_operation_is_told_so(self):
        self.assertEqual(self.problem("GET", "/nowhere", {"status": 404, "code": "not_found"}), [])
        self.assertEqual(self.problem("PUT", "/sync", {"status": 405, "code": "method_not_allowed"}, Allow="POST"), [])
        self.assertEqual(self.faults("OPTIONS", "/sync", 204, Allow="POST, OPTIONS"), [])
        self.assert_fault("Allow", self.problem("PUT", "/sync", {"status": 405, "code": "method_not_allowed"}))
        self.assert_fault("no such operation", self.faults("GET", "/nowhere", 200, {}))

    def test_head_is_answered_as_get_without_a_body(self):
        self.assertEqual(self.faults("HEAD", "/livez", 200, Cache_Control="no-store"), [])
        self.assert_fault("no Cache-Control", self.faults("HEAD", "/livez", 200))

    def test_a_path_without_names_is_preferred_to_one_with(self):
        self.assert_fault("check answers", self.faults("GET", "/sync/check", 418))
        self.assert_fault("getHistory answers", self.faults("GET", "/tasks/milk/history", 418))

    def test_it_tells_what_it_was_never_shown(self):
        self.assertIn("GET /livez: 200, 503", self.contract.unseen())
        self.faults("GET", "/livez", 200, {"status": "live"}, Cache_Control="no-store")
        self.assertNotIn("GET /livez: 200", self.contract.unseen())
