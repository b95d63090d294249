"""Streams of a direct gRPC client: Watch across two sync processes, Pull, Export."""

import os
import queue
import signal
import subprocess
import threading
import time
import unittest

from client import User
from grpc_client import PROGRAM
from stack import Stack, eventually
from twin import Twin

SECONDS = 30
# Reading heads anew, the slow way, takes up to half a minute. (Live streams promise a second, on a machine that is not
# busy building.)
PROMISED_SECONDS = 10.0


class Streams:
    """tidemark-streams as it prints."""

    def __init__(self, address: str, token: str, *arguments: str):
        self._process = subprocess.Popen(
            [PROGRAM, address, *arguments], env=os.environ | {"TIDEMARK_TOKEN": token}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, text=True)
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line(self) -> str:
        return self._lines.get(timeout=SECONDS)

    def all(self) -> list[str]:
        lines = []
        while not lines or not lines[-1].startswith("end "):
            lines.append(self.line())
        return lines

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()


def another_sync(test: unittest.TestCase, stack: Stack) -> Twin:
    """Beside the stack's own, until the test is over."""
    sync = Twin(stack, "sync")
    test.addCleanup(sync.kill)
    sync.await_ready()
    return sync


class StreamsTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()
        self.user = self.stack.user()
        self.desk = self.user.device("desk")
        self.address = self.stack.env()["TIDEMARK_SYNC_ADDRESS"]

    def streams(self, *arguments: str, address: str = "", user: User | None = None) -> Streams:
        streams = Streams(address or self.address, (user or self.user).token, *arguments)
        self.addCleanup(streams.close)
        return streams

    def replica(self) -> Twin:
        return another_sync(self, self.stack)

    def test_a_push_through_one_replica_is_told_by_the_other_at_once(self):
        other = self.replica()
        watch = self.streams("watch", address=other.address)
        self.assertEqual(watch.line(), '"0-0-0"')
        for name in ("first", "second", "third"):
            with self.subTest(name):
                self.desk.sync(self.desk.new_task(name))
                began = time.monotonic()
                self.assertEqual(watch.line(), self.desk.etag)
                self.assertLess(time.monotonic() - began, PROMISED_SECONDS)

    def test_the_state_that_a_client_names_is_not_told_again(self):
        self.desk.sync(self.desk.new_task("before"))
        everything = self.streams("watch")
        watch = self.streams("watch", "1", self.desk.etag)
        self.assertEqual(everything.line(), self.desk.etag)
        self.desk.sync(self.desk.new_task("after"))
        self.assertEqual(watch.line(), self.desk.etag)

    def test_the_eleventh_stream_of_a_user_is_refused(self):
        ten = self.streams("watch", "10")
        self.assertEqual([ten.line() for _ in range(10)], ['"0-0-0"'] * 10)
        self.assertEqual(self.streams("watch").all(), ["end RESOURCE_EXHAUSTED rate_limited"])
        ten.close()
        eventually("there is room again", lambda: self.streams("watch").line() == '"0-0-0"')

    def test_a_stream_needs_a_token(self):
        self.user.token = "none"
        for what in ("watch", "pull", "export"):
            with self.subTest(what):
                self.assertEqual(self.streams(what).all(), ["end UNAUTHENTICATED invalid_token"])

    def test_sigterm_ends_streams_at_once_and_the_process_exits_with_0(self):
        other = self.replica()
        watch = self.streams("watch", "3", address=other.address)
        self.assertEqual([watch.line() for _ in range(3)], ['"0-0-0"'] * 3)
        began = time.monotonic()
        self.assertEqual(other.end(), 0)
        self.assertEqual([watch.line() for _ in range(3)], ["end UNAVAILABLE unavailable"] * 3)
        self.assertLess(time.monotonic() - began, 5, "the drain's grace of 10 s was not waited for")

    def test_a_pull_comes_page_by_page(self):
        self.desk.sync(*[self.desk.new_task(f"task {number}") for number in range(5)])
        text = "\n".join(self.streams("pull", "2").all())
        *pages, end = text.split("--\n")
        self.assertEqual(end, "end OK ok")
        self.assertEqual([page.count("updates {") for page in pages], [2, 2, 1])
        self.assertEqual([page.count("has_more: true") for page in pages], [1, 1, 0])
        self.assertEqual([page.count("etag:") for page in pages], [0, 0, 1])
        self.assertIn(f"server_time: {self.desk.cursor}\n", pages[-1])

    def test_an_export_holds_tasks_deleted_ones_and_what_was_overwritten(self):
        self.desk.sync(self.desk.new_task("milk", "a"), self.desk.new_task("bread", "b"))
        self.desk.sync(self.desk.edit("a", content="oat milk"))
        self.desk.sync(self.desk.edit("b", deleted_at=1))
        text = "\n".join(self.streams("export").all())
        self.assertTrue(text.endswith("--\nend OK ok"), text[-100:])
        self.assertEqual(text.count("tasks {"), 2)
        for value in ('content: "oat milk"', 'content: "bread"', "deleted_at: 1\n", 'text: "milk"'):
            self.assertIn(value, text)


class OutageTest(unittest.TestCase):
    def test_without_redis_a_stream_goes_on_and_a_push_is_told_by_the_other_replica(self):
        stack = Stack("streams")
        stack.start()
        self.addCleanup(stack.stop)
        other = another_sync(self, stack)
        user = stack.user()
        desk = user.device("desk")
        watch = Streams(other.address, user.token, "watch")
        self.addCleanup(watch.close)
        self.assertEqual(watch.line(), '"0-0-0"')
        redis = stack.send_signal("redis", signal.SIGSTOP)
        self.addCleanup(os.kill, redis, signal.SIGCONT)
        task = desk.new_task("unannounced")
        eventually("a push is stored without Redis", lambda: desk.send(task).status == 200)
        self.assertNotEqual(watch.line(), '"0-0-0"')


if __name__ == "__main__":
    unittest.main()
