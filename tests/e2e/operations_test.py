"""What a person who runs Tidemark relies on: health, metrics, reflection, DIR/env, stopping."""

import os
import signal
import socket
import unittest
import uuid

import grpc_call
from stack import PROCESSES, Stack, eventually, run

OWN = ("gateway", "sync", "auth", "ratelimit")
SERVICES = {"sync": "tidemark.v1.SyncService", "auth": "tidemark.v1.AuthService",
            "ratelimit": "tidemark.v1.RateLimitService"}


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


class AdminPortsTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack.shared()

    def test_every_process_tells_that_it_lives_and_is_ready(self):
        for process in OWN:
            for path in ("/livez", "/readyz"):
                with self.subTest(process + path):
                    self.assertEqual(self.stack.admin(process, path).status, 200)

    def test_every_process_shows_metrics_as_prometheus_text(self):
        self.stack.user().device("desk").sync()
        for process in OWN:
            with self.subTest(process):
                answer = self.stack.admin(process, "/metrics")
                self.assertEqual(answer.status, 200)
                self.assertTrue(answer.headers["content-type"].startswith("text/plain"))
                self.assertIn(b"# TYPE tidemark_", answer.body)

    def test_the_gateway_tells_its_health_on_the_web_port_too(self):
        for path in ("/livez", "/readyz"):
            self.assertEqual(self.stack.call("GET", path).status, 200)

    def test_the_web_page_is_served(self):
        answer = self.stack.call("GET", "/")
        self.assertEqual(answer.status, 200)
        self.assertIn(b"<html", answer.body)

    def test_every_service_answers_the_standard_grpc_health_check(self):
        for service in SERVICES:
            with self.subTest(service):
                [answer] = grpc_call.call(self.stack.address(service), "/grpc.health.v1.Health/Check", b"")
                self.assertEqual(answer, b"\x08\x01", "SERVING")

    def test_every_service_lists_itself_by_reflection(self):
        list_services = b"\x3a\x01*"
        for service, name in SERVICES.items():
            with self.subTest(service):
                [answer] = grpc_call.call(
                    self.stack.address(service), "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                    list_services)
                self.assertIn(name.encode(), answer)


class LogsTest(unittest.TestCase):
    def test_no_log_of_any_process_names_an_address_or_holds_a_password_or_a_token(self):
        stack = Stack("logs")
        stack.start()
        user = stack.user()
        again = user.call("POST", "/auth/register", {"email": user.email, "password": "another long password"})
        self.assertEqual(again.code, "email_taken")
        stack.stop()
        written = "".join(path.read_text(errors="replace") for path in (stack.data / "logs").iterdir())
        self.assertIn("/tidemark.v1.AuthService/Register", written)
        for what in (user.email, "argon2", "another long password", user.token):
            self.assertNotIn(what, written)

    def test_only_who_runs_it_may_read_the_logs(self):
        logs = Stack.shared().data / "logs"
        self.assertEqual(logs.stat().st_mode & 0o077, 0)


class RunTest(unittest.TestCase):
    """./run itself, on a data directory that no other test uses."""

    @classmethod
    def setUpClass(cls):
        cls.stack = Stack("run")
        cls.stack.start()
        cls.addClassCleanup(cls.stack.stop)

    def test_env_names_every_address_and_living_process(self):
        env = self.stack.env()
        for name in ("TIDEMARK_URL", "TIDEMARK_SYNC_ADDRESS", "TIDEMARK_AUTH_ADDRESS", "TIDEMARK_RATELIMIT_ADDRESS",
                     "TIDEMARK_SERVER", "TIDEMARK_POSTGRES_URL", "TIDEMARK_REDIS_URL",
                     *(f"TIDEMARK_{own.upper()}_ADMIN" for own in OWN)):
            self.assertTrue(env[name], name)
        for process in PROCESSES:
            self.assertTrue(is_alive(self.stack.pid(process)), process)

    def test_a_second_run_on_the_same_data_is_refused(self):
        done = run("--detach", "--port", "0", "--data", self.stack.data)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("already runs", done.stderr)
        self.assertEqual(self.stack.call("GET", "/readyz").status, 200)

    def test_a_taken_port_is_told_with_the_remedy(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            done = run("--detach", "--port", str(port), "--data", self.stack.data.with_name("taken"))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(f"Port {port} is taken", done.stderr)
        self.assertIn("--port", done.stderr)

    def test_a_limits_file_that_is_not_there_is_told(self):
        done = run("--detach", "--port", "0", "--data", self.stack.data.with_name("none"), "--limits", "/nowhere/limits")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr, "run: There is no file /nowhere/limits.\n")

    def test_an_unknown_profile_is_told_with_those_there_are(self):
        done = run("--detach", "--port", "0", "--data", self.stack.data.with_name("none"), "--profile", "nosuch")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("final", done.stderr)

    def test_sigterm_drains_and_exits_with_0_and_the_process_comes_back(self):
        for process in OWN:
            with self.subTest(process):
                old = self.stack.kept_pid(process)
                self.stack.end_and_await_another(process, signal.SIGTERM)
                self.assertIn(f"{process} (pid {old}) exited with 0", self.stack.supervisor_log())
                eventually(f"{process} is ready", lambda: self.is_ready(process))
                # The others connect to it again within moments.
                eventually("people can register", self.can_register)

    def is_ready(self, process: str) -> bool:
        try:
            return self.stack.admin(process, "/readyz").status == 200
        except OSError:
            return False

    def can_register(self) -> bool:
        account = {"email": f"{uuid.uuid4().hex}@example.com", "password": "correct horse battery"}
        return self.stack.call("POST", "/auth/register", account).status == 201

    def test_stop_ends_every_process_and_the_next_run_has_the_data_and_the_addresses(self):
        user = self.stack.user()
        desk = user.device("desk")
        desk.sync(desk.new_task("kept"))
        before, pids = self.stack.env(), self.stack.pids()
        self.stack.stop()
        self.assertEqual([process for process, pid in pids.items() if is_alive(pid)], [])
        self.assertFalse((self.stack.data / "env").exists())
        self.stack.start()
        after = self.stack.env()
        for name in before:
            if not name.endswith("_PID"):
                self.assertEqual(after[name], before[name], name)
        self.assertEqual(desk.check().status, 304)
        fresh = user.device("fresh")
        fresh.sync()
        self.assertEqual(list(fresh.contents.values()), ["kept"])
