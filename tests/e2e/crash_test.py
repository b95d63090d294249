"""Any one process dies, PostgreSQL and Redis included, and nothing else needs a restart."""

import contextlib
import signal
import socket
import unittest
import urllib.parse

from client import PASSWORD, Answer
from stack import PROCESSES, Stack, eventually


class CrashTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("crash")
        cls.stack.start()
        cls.addClassCleanup(cls.stack.stop)

    def setUp(self):
        self.user = self.stack.user()
        self.desk, self.phone = self.user.device("desk"), self.user.device("phone")
        # What the test before stopped goes on, which the gateway has yet to notice.
        eventually("the services are there", lambda: self.desk.check().status == 200)
        self.desk.sync(self.desk.new_task("before"))

    def answer_or_none(self, ask) -> Answer | None:
        """None: nobody listens."""
        try:
            return ask()
        except OSError:
            return None

    def assert_everything_works_again(self):
        """Each is asked until it answers as it should; on the way a 503 is in order, a 500 never."""
        def works(ask, status: int):
            def holds():
                answer = self.answer_or_none(ask)
                if answer is not None and answer.status != status:
                    self.assertEqual(answer.status, 503, answer)
                return answer is not None and answer.status == status
            return holds

        task = self.desk.new_task("after")
        eventually("a push is stored", works(lambda: self.desk.send(task), 200))
        eventually("a check is answered", works(lambda: self.phone.check(), 200))
        eventually("a login is answered", works(lambda: self.stack.call(
            "POST", "/auth/login", {"email": self.user.email, "password": PASSWORD}), 200))
        self.phone.sync()
        self.assertEqual(sorted(self.phone.contents.values()), ["after", "before"])
        self.assertEqual(self.phone.check().status, 304)

    def test_a_killed_process_is_replaced_on_its_address_and_no_other_is_restarted(self):
        for process in PROCESSES:
            with self.subTest(process):
                self.setUp()
                before = self.stack.env()
                self.stack.end_and_await_another(process, signal.SIGKILL)
                self.assert_everything_works_again()
                after = self.stack.env()
                changed = [name for name in before if after[name] != before[name]]
                self.assertEqual(changed, [f"TIDEMARK_{process.upper()}_PID"])

    def test_a_dead_sync_service_is_503_with_retry_after(self):
        with self.stopped("sync"):
            answer = self.phone.check()
            self.assertEqual((answer.status, answer.code), (503, "unavailable"), answer)
            self.assertGreater(int(answer.headers["retry-after"]), 0)

    def test_a_redis_that_hangs_or_forgets_everything_is_never_seen_by_clients(self):
        with self.stopped("redis"):
            for i in range(5):
                self.desk.sync(self.desk.new_task(f"during {i}"))
                self.assertEqual(self.desk.check().status, 304)
        self.redis("FLUSHALL")
        self.assertEqual(self.desk.check().status, 304)
        self.phone.sync()
        self.assertEqual(len(self.phone.tasks), 6)

    def test_valid_tokens_keep_working_while_auth_hangs(self):
        with self.stopped("auth"):
            self.assertEqual(self.desk.check().status, 304)
            self.desk.sync(self.desk.new_task("during"))

    def test_a_rate_limiter_that_hangs_is_never_seen_by_clients(self):
        with self.stopped("ratelimit"):
            self.desk.sync(self.desk.new_task("during"))
            self.assertEqual(self.desk.check().status, 304)

    @contextlib.contextmanager
    def stopped(self, process: str):
        """The process is there, holds its port, and answers nobody."""
        self.stack.send_signal(process, signal.SIGSTOP)
        try:
            yield
        finally:
            self.stack.send_signal(process, signal.SIGCONT)

    def redis(self, command: str) -> None:
        url = urllib.parse.urlparse(self.stack.env()["TIDEMARK_REDIS_URL"])
        with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
            connection.sendall(command.encode() + b"\r\n")
            self.assertTrue(connection.recv(64).startswith(b"+OK"))
