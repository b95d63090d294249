"""One request can be followed through all processes by the id of its trace (docs/tracing.md)."""

import unittest

import auth_service
import grpc_call
from client import PASSWORD
from stack import Stack, eventually
from stream_test import LiveStream
from traces import ENTRIES, SPAN_ID, TRACE_ID, Trace, all_lines_below, lines_of, name_of

SYNC = "/tidemark.v1.SyncService"
BAD = ["", "none", "00-" + "0" * 32 + "-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
       "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
       "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"]


class TracingCase(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()
        # Sync has auth's keys from now on: fetching them would be part of the trace.
        self.user.call("GET", "/sync/check")
        self.trace = Trace(self.stack)

    def assert_tree(self, trace: Trace, *edges: tuple[str, str]) -> None:
        """`edges` are caller and called, by name; "" is the client. A name stands for all of that name."""
        lines = trace.entries(*(called for _, called in edges))
        spans = {line["span_id"]: name_of(line) for line in lines} | {trace.span: ""}
        self.assertEqual(len(spans), len(lines) + 1, "each has a span of its own")
        self.assertEqual(sorted((spans.get(line["parent_span_id"], "nobody"), name_of(line)) for line in lines),
                         sorted(edges))


class HttpTest(TracingCase):
    def test_a_push_crosses_gateway_sync_and_ratelimit(self):
        device = self.user.device("desk")
        answer = self.user.call("POST", "/sync", {"device_id": "desk", "changes": [device.new_task("milk")]},
                                self.trace.headers)
        self.assertEqual(answer.status, 200, answer)
        self.assert_tree(self.trace, ("", "gateway POST /sync"), ("gateway POST /sync", "sync Sync"),
                         ("sync Sync", "ratelimit Acquire"))

    def test_a_login_crosses_gateway_auth_and_ratelimit(self):
        answer = self.stack.call("POST", "/auth/login", {"email": self.user.email, "password": PASSWORD},
                                 headers=self.trace.headers)
        self.assertEqual(answer.status, 200, answer)
        self.assert_tree(self.trace, ("", "gateway POST /auth/login"), ("gateway POST /auth/login", "auth Login"),
                         *[("auth Login", "ratelimit Acquire")] * 2)

    def test_the_deletion_of_an_account_crosses_all_four(self):
        answer = self.user.call("DELETE", "/auth/account", {"password": PASSWORD}, self.trace.headers)
        self.assertEqual(answer.status, 204, answer)
        self.assert_tree(self.trace, ("", "gateway DELETE /auth/account"),
                         ("gateway DELETE /auth/account", "auth DeleteAccount"),
                         *[("auth DeleteAccount", "ratelimit Acquire")] * 2, ("auth DeleteAccount", "sync EraseUser"))

    def test_an_error_is_in_the_trace_as_well(self):
        self.assertEqual(self.user.call("POST", "/sync", {"last_sync": "x"}, self.trace.headers).status, 400)
        self.assert_tree(self.trace, ("", "gateway POST /sync"))

    def test_two_calls_of_a_client_in_one_trace_have_a_span_each(self):
        for _ in range(2):
            self.user.call("GET", "/sync/check", headers=self.trace.headers)
        self.assert_tree(self.trace, *[("", "gateway GET /sync/check"), ("gateway GET /sync/check", "sync Check"),
                                       ("sync Check", "ratelimit Acquire")] * 2)

    def test_the_client_is_not_told_of_the_trace(self):
        for headers in (self.trace.headers, {}):
            answer = self.user.call("GET", "/sync/check", headers=headers)
            self.assertEqual({name for name in answer.headers if name.startswith("trace")}, set())

    def test_the_request_id_is_another_and_as_before(self):
        given = self.user.call("GET", "/sync/check", headers=self.trace.headers | {"X-Request-Id": "mine"})
        made = self.user.call("GET", "/sync/check", headers=self.trace.headers)
        ids = {given.headers["x-request-id"], made.headers["x-request-id"]}
        self.assertIn("mine", ids)
        lines = self.trace.entries(*["gateway GET /sync/check", "sync Check", "ratelimit Acquire"] * 2)
        self.assertEqual({line["request_id"] for line in lines}, ids)
        self.assertNotIn(self.trace.id[:16], ids)

    def test_a_request_without_a_trace_or_with_a_bad_one_begins_one(self):
        for traceparent in [None, *BAD]:
            with self.subTest(traceparent):
                sent = {} if traceparent is None else {"traceparent": traceparent}
                name = Trace(self.stack).id
                answer = self.user.call("GET", "/sync/check", headers=sent | {"X-Request-Id": name})
                self.assertEqual(answer.status, 200)
                lines = eventually("its three lines", lambda: (
                    found if len(found := [line for line in lines_of(self.stack, name)]) == 3 else None))
                self.assertEqual({line["process"] for line in lines},
                                 {"tidemark-gateway", "tidemark-sync", "tidemark-ratelimit"})
                [trace] = {line["trace_id"] for line in lines}
                self.assertRegex(trace, TRACE_ID)
                self.assertNotIn(trace, traceparent or "")
                [root] = [line for line in lines if "parent_span_id" not in line]
                self.assertEqual(root["process"], "tidemark-gateway")

    def test_a_traceparent_of_a_later_version_is_read(self):
        later = self.trace.headers["traceparent"].replace("00-", "42-", 1) + "-and-more"
        self.user.call("GET", "/sync/check", headers={"traceparent": later})
        self.assert_tree(self.trace, ("", "gateway GET /sync/check"), ("gateway GET /sync/check", "sync Check"),
                         ("sync Check", "ratelimit Acquire"))


class StreamsTest(TracingCase):
    def test_a_live_stream_is_in_its_clients_trace(self):
        stream = LiveStream(self.user, headers=self.trace.headers)
        self.addCleanup(stream.close)
        stream.head()
        stream.close()  # sync writes its line at the stream's end
        self.assert_tree(self.trace, ("", "gateway GET /sync/stream"), ("gateway GET /sync/stream", "sync Watch"),
                         ("sync Watch", "ratelimit Acquire"))

    def test_streamed_answers_are_in_their_clients_trace(self):
        for method, path, body, rpc in (("GET", "/export", None, "Export"),
                                        ("POST", "/v1/sync", {"last_sync": 0, "changes": []}, "SyncV1")):
            with self.subTest(path):
                trace = Trace(self.stack)
                self.assertEqual(self.user.call(method, path, body, trace.headers).status, 200)
                self.assert_tree(trace, ("", f"gateway {method} {path}"), (f"gateway {method} {path}", f"sync {rpc}"),
                                 (f"sync {rpc}", "ratelimit Acquire"))


class GrpcTest(TracingCase):
    """A direct client sends metadata `traceparent`."""

    def call(self, service: str, method: str, message: bytes, **metadata: str) -> list[bytes]:
        return grpc_call.call(self.stack.address(service), method, message, self.trace.headers | metadata)

    def test_a_check(self):
        self.assertEqual(len(self.call("sync", f"{SYNC}/Check", b"", authorization=f"Bearer {self.user.token}")), 1)
        self.assert_tree(self.trace, ("", "sync Check"), ("sync Check", "ratelimit Acquire"))

    def test_a_login(self):
        message = auth_service.text_field(1, self.user.email) + auth_service.text_field(2, PASSWORD)
        self.assertEqual(len(self.call("auth", auth_service.LOGIN, message)), 1)
        self.assert_tree(self.trace, ("", "auth Login"), *[("auth Login", "ratelimit Acquire")] * 2)

    def test_a_stream(self):
        self.call("sync", f"{SYNC}/Export", b"", authorization=f"Bearer {self.user.token}")
        self.assert_tree(self.trace, ("", "sync Export"), ("sync Export", "ratelimit Acquire"))

    def test_a_refused_call(self):
        self.assertEqual(self.call("sync", f"{SYNC}/Check", b"", authorization="Bearer none"), [])
        self.assert_tree(self.trace, ("", "sync Check"))

    def test_a_method_that_is_not_there(self):
        self.assertEqual(self.call("sync", f"{SYNC}/Nothing", b""), [])
        self.assert_tree(self.trace, ("", "sync unknown"))


class WholeRunTest(unittest.TestCase):
    runs_last = True

    def test_every_line_of_a_request_names_its_trace_and_every_entry_has_a_span_of_its_own(self):
        Stack.shared().user().call("GET", "/sync/check")
        for folder in {stack.data for stack in Stack.started}:
            spans: set[str] = set()
            for line in all_lines_below(folder):
                if line["event"] not in (*ENTRIES, "request_refused") and "request_id" not in line:
                    continue
                self.assertRegex(line.get("trace_id", ""), TRACE_ID, line)
                self.assertRegex(line.get("span_id", ""), SPAN_ID, line)
                self.assertNotEqual(line.get("request_id", ""), "", line)
                if "parent_span_id" in line:
                    self.assertRegex(line["parent_span_id"], SPAN_ID, line)
                    self.assertNotEqual(line["parent_span_id"], line["span_id"], line)
                if line["event"] in ENTRIES:
                    self.assertNotIn(line["span_id"], spans, line)
                    spans.add(line["span_id"])
            self.assertNotEqual(spans, set(), folder)


if __name__ == "__main__":
    unittest.main()
