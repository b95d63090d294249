"""Streamed answers through the gateway: GET /sync/stream, GET /export, POST /v1/sync."""

import http.client
import signal
import unittest
import urllib.parse
from typing import Any, Mapping

import contract
from client import TIMEOUT_SECONDS, User
from stack import Stack, eventually
from twin import Twin

STREAMS_MAX = 10
# One more than fit into a part of the sync service's streams (1 MiB).
MANY, LONG = 150, "x" * 10_000


class LiveStream:
    """GET /sync/stream as a client reads it."""

    def __init__(self, user: User, last_id: str | None = None, base: str | None = None,
                 headers: Mapping[str, str] = {}):
        url = urllib.parse.urlparse(base or user.base)
        self._connection = http.client.HTTPConnection(url.hostname, url.port, timeout=TIMEOUT_SECONDS)
        own = {"Authorization": f"Bearer {user.token}"} | ({"Last-Event-ID": last_id} if last_id else {})
        self._connection.request("GET", "/sync/stream", headers=own | dict(headers))
        self.response = self._connection.getresponse()
        sent = {name.lower(): value for name, value in self.response.getheaders()}
        contract.check("GET", "/sync/stream", self.response.status, sent, body=None)

    def event(self) -> dict[str, str] | None:
        """The next event's fields; None at the end of the stream."""
        fields: dict[str, str] = {}
        while line := self.response.readline().decode():
            name, _, value = line.rstrip("\n").partition(": ")
            if line == "\n" and fields:
                return fields
            if name not in ("", ":"):
                fields[name] = value
        return None

    def head(self) -> str:
        """The ETag of the next event, which is a head."""
        event = self.event()
        assert event and event["event"] == "head" and event["id"] == event["data"], event
        return event["id"]

    def close(self) -> None:
        self.response.close()
        self._connection.close()


class StreamCase(unittest.TestCase):
    def open(self, user: User, *arguments: Any, **more: Any) -> LiveStream:
        stream = LiveStream(user, *arguments, **more)
        self.addCleanup(stream.close)
        return stream


class LiveStreamTest(StreamCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()
        self.desk = self.user.device("desk")

    def test_the_head_comes_at_once_and_after_each_commit(self):
        stream = self.open(self.user)
        self.assertEqual(stream.response.status, 200)
        self.assertEqual(stream.response.getheader("Content-Type"), "text/event-stream")
        before = stream.head()
        for content in ("milk", "bread"):
            self.desk.sync(self.desk.new_task(content))
            after = stream.head()
            self.assertEqual(after, self.desk.etag)
            self.assertNotEqual(after, before)
            before = after

    def test_a_state_that_the_client_knows_is_not_told_again(self):
        self.desk.sync(self.desk.new_task("milk"))
        stream = self.open(self.user, last_id=self.desk.etag)
        self.desk.sync(self.desk.new_task("bread"))
        self.assertEqual(stream.head(), self.desk.etag)

    def test_another_users_commits_are_not_told(self):
        stream = self.open(self.user)
        stream.head()
        other = self.stack.user().device("other")
        other.sync(other.new_task("theirs"))
        self.desk.sync(self.desk.new_task("mine"))
        self.assertEqual(stream.head(), self.desk.etag)

    def test_a_user_has_ten_streams_and_another_once_one_has_gone(self):
        streams = [self.open(self.user) for _ in range(STREAMS_MAX)]
        self.assertEqual({stream.response.status for stream in streams}, {200})
        refused = self.open(self.user)
        self.assertEqual(refused.response.status, 429)
        self.assertEqual(refused.response.getheader("Content-Type"), "application/problem+json")
        self.assertTrue(refused.response.getheader("Retry-After"))
        streams[0].close()
        eventually("room for another", lambda: self.open(self.user).response.status == 200)

    def test_without_a_good_token_there_is_no_stream(self):
        self.user.token = "not.a.token"
        self.assertEqual(self.open(self.user).response.status, 401)


class BesideTest(StreamCase):
    """With a gateway whose tokens are short-lived."""

    def test_the_end_of_the_token_is_told_and_ends_the_stream(self):
        stack = Stack.shared()
        auth = self.start(stack, "auth", access_token_lifetime="2s")
        gateway = self.start(stack, "gateway", auth_address=auth.address)
        stream = eventually("a stream is open before its token ends", lambda: self.opened_in_time(gateway))
        stream.head()
        event = stream.event()
        self.assertEqual((event["event"], event["data"]), ("expired", '"expired_token"'))
        self.assertIsNone(stream.event())

    def start(self, stack: Stack, process: str, **settings: str) -> Twin:
        twin = Twin(stack, process, **settings)
        self.addCleanup(twin.kill)
        twin.await_ready()
        return twin

    def opened_in_time(self, gateway: Twin) -> LiveStream | None:
        """None: on a machine that is busy, the token may have ended before it was used."""
        stream = self.open(User(f"http://{gateway.address}"))
        return stream if stream.response.status == 200 else None


def is_ready(admin_address: str) -> bool:
    connection = http.client.HTTPConnection(admin_address, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


class RestartTest(StreamCase):
    """On a stack of its own, whose processes it ends."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("streams")
        cls.stack.start()
        cls.addClassCleanup(cls.stack.stop)

    def test_a_stream_outlives_the_sync_process_it_came_from(self):
        for number in (signal.SIGTERM, signal.SIGKILL):
            with self.subTest(number.name):
                user = self.stack.user()
                desk = user.device("desk")
                stream = self.open(user)
                before = stream.head()
                self.stack.end_and_await_another("sync", number)
                # The same each time: stored by an answer that was lost, it is not told twice.
                milk = desk.new_task("milk")
                eventually("a push is stored", lambda: desk.send(milk).status == 200)
                desk.sync()
                self.assertEqual(stream.head(), desk.etag)
                self.assertNotEqual(desk.etag, before)

    def test_a_gateway_that_is_told_to_stop_ends_its_streams_and_exits_with_0(self):
        stream = self.open(self.stack.user())
        stream.head()
        old = self.stack.kept_pid("gateway")
        self.stack.send_signal("gateway", signal.SIGTERM)
        self.assertIsNone(stream.event(), "the end, with its last chunk")
        stream.close()
        eventually("another gateway", lambda: self.stack.kept_pid("gateway") != old)
        self.assertIn(f"gateway (pid {old}) exited with 0", self.stack.supervisor_log())
        eventually("it is ready", lambda: is_ready(self.stack.env()["TIDEMARK_GATEWAY_ADMIN"]))


class WholeAnswersTest(unittest.TestCase):
    def setUp(self):
        self.user = Stack.shared().user()
        self.desk = self.user.device("desk")

    def fill(self) -> None:
        """More than one part of a stream holds."""
        self.desk.sync(*(self.desk.new_task(LONG, f"task-{i}") for i in range(MANY // 2)))
        self.desk.sync(*(self.desk.new_task(LONG, f"task-{i}") for i in range(MANY // 2, MANY)))

    def test_an_export_holds_every_task_and_its_history(self):
        self.fill()
        self.desk.sync(self.desk.edit("task-0", content="new"))
        self.desk.sync(self.desk.edit("task-1", deleted_at=1_735_689_600_000))
        answer = self.user.call("GET", "/export")
        self.assertEqual(answer.status, 200)
        self.assertIn("tidemark-export.json", answer.headers["content-disposition"])
        tasks = {task["id"]: task for task in answer.json["tasks"]}
        self.assertEqual(set(tasks), {f"task-{i}" for i in range(MANY)})
        self.assertEqual(tasks["task-0"]["content"], "new")
        self.assertEqual(tasks["task-1"]["deleted_at"], 1_735_689_600_000)
        self.assertEqual(tasks["task-2"]["content"], LONG)
        histories = {history["id"]: history["history"] for history in answer.json["histories"]}
        self.assertEqual(histories["task-0"], self.history("task-0"))
        self.assertEqual(histories["task-1"], self.history("task-1"))

    def history(self, task: str) -> list[Mapping[str, Any]]:
        return self.user.call("GET", f"/tasks/{task}/history").json["history"]

    def test_an_export_of_nothing_is_whole(self):
        exported = self.user.call("GET", "/export").json
        self.assertEqual((exported["tasks"], exported["histories"]), ([], []))

    def test_nobody_exports_without_a_token(self):
        self.assertEqual(Stack.shared().call("GET", "/export").code, "missing_token")

    def test_a_large_v1_answer_is_one_document(self):
        self.fill()
        answer = self.user.call("POST", "/v1/sync", {"last_sync": 0, "changes": []})
        self.assertEqual({task["id"] for task in answer.json["updates"]}, {f"task-{i}" for i in range(MANY)})
        self.assertEqual(answer.json["server_time"], self.desk.cursor)
        self.assertEqual(answer.headers["transfer-encoding"], "chunked")
