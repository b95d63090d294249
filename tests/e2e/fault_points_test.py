"""kill -9 of the sync process before and after each message of a push: never half a push, and the retry is exact."""

import os
import signal
import socket
import subprocess
import threading
import unittest
import urllib.parse
from pathlib import Path
from typing import Any

from client import Answer, Device, User, call, now_ms
from relay import AFTER, BEFORE, Course, PostgresWire, RedisWire, Relay
from stack import Stack, eventually


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Replica:
    """Another gateway and another sync of a running stack; sync reaches its stores through relays."""

    def __init__(self, stack: Stack):
        self._stack = stack
        self.course = Course()
        env = self._env_of("sync")
        self._relays = {name: Relay(self._address(env[name]), wire, self.course)
                        for name, wire in (("TIDEMARK_POSTGRES_URL", PostgresWire), ("TIDEMARK_REDIS_URL", RedisWire))}
        for name, relay in self._relays.items():
            url = urllib.parse.urlparse(env[name])
            user = url.netloc.rpartition("@")[0]
            netloc = f"{user}@" if user else ""
            env[name] = url._replace(netloc=f"{netloc}127.0.0.1:{relay.address[1]}").geturl()
        self._sync = env | self._listening()
        self._gateway = self._env_of("gateway") | self._listening()
        self._gateway["TIDEMARK_SYNC_ADDRESS"] = self._sync["TIDEMARK_ADDRESS"]
        self.url = f"http://{self._gateway['TIDEMARK_ADDRESS']}"
        self._running: dict[str, subprocess.Popen] = {}
        self.start()

    def start(self) -> None:
        """A gateway of its own for each life: it would wait before it looks for a sync that died."""
        for name, env in (("sync", self._sync), ("gateway", self._gateway)):
            program = os.readlink(f"/proc/{self._stack.pid(name)}/exe")
            log = (self._stack.data / "logs" / f"replica-{name}.log").open("a")
            self._running[name] = subprocess.Popen([program], env=env, cwd="/", stdout=log, stderr=log)
            admin = f"http://{env['TIDEMARK_ADMIN_ADDRESS']}"
            eventually(f"the other {name} is ready", lambda: self._is_ready(admin))

    def restart(self) -> None:
        self.kill()
        self.start()

    def kill(self) -> None:
        for process in self._running.values():
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.course.cut()

    def close(self) -> None:
        self.kill()
        for relay in self._relays.values():
            relay.close()

    @staticmethod
    def _is_ready(admin: str) -> bool:
        try:
            return call(admin, "GET", "/readyz").status == 200
        except OSError:
            return False

    def _env_of(self, name: str) -> dict[str, str]:
        entries = Path(f"/proc/{self._stack.pid(name)}/environ").read_text().rstrip("\0").split("\0")
        return dict(entry.split("=", 1) for entry in entries)

    @staticmethod
    def _address(url: str) -> tuple[str, int]:
        parsed = urllib.parse.urlparse(url)
        return parsed.hostname, parsed.port

    @staticmethod
    def _listening() -> dict[str, str]:
        return {"TIDEMARK_ADDRESS": f"127.0.0.1:{free_port()}", "TIDEMARK_ADMIN_ADDRESS": f"127.0.0.1:{free_port()}"}


class Scene:
    """One user: the phone has edited what the desk, who has not seen it, is about to edit too."""

    def __init__(self, stack: Stack):
        self.user: User = stack.user()
        self.desk, phone = self.user.device("desk"), self.user.device("phone")
        self.desk.sync(*(self.desk.new_task(name, name, at=1_000) for name in ("merged", "contested", "gone")))
        phone.sync()
        phone.sync({**phone.edit("merged", pinned=True), "updated_at": 2_000},
                   {**phone.edit("contested", content="the phone's"), "updated_at": 2_000})

    def final_push(self) -> tuple[str, dict[str, Any]]:
        edits = [self.desk.new_task("new", "new", at=3_000), self.desk.edit("merged", completed=True),
                 self.desk.edit("contested", content="the desk's"), self.desk.edit("gone", deleted_at=3_000),
                 self.desk.edit("merged", content="x" * 16_385)]
        changes = [{**edit, "updated_at": 3_000} for edit in edits]
        return "/sync", {"last_sync": self.desk.cursor, "device_id": "desk", "acked": self.desk.acked, "changes": changes}

    def v1_push(self) -> tuple[str, dict[str, Any]]:
        def whole(name: str, **fields: Any) -> dict[str, Any]:
            return {"id": name, "created_at": 1_000, "updated_at": 3_000, "deleted_at": None, "content": name,
                    "completed": False, "pinned": False, "version": 2, "device_id": "old", **fields}
        changes = [whole("new"), whole("merged", completed=True), whole("contested", content="the old one's"),
                   whole("gone", deleted_at=3_000)]
        return "/v1/sync", {"last_sync": self.desk.cursor, "changes": changes}

    def others_go_on(self) -> None:
        tablet = self.user.device("tablet")
        tablet.sync()
        tablet.sync(tablet.edit("merged", completed=False), tablet.edit("contested", content="the tablet's"))

    def stored(self) -> dict[str, Any]:
        """All that a person can see of it, apart from stamps."""
        device: Device = self.user.device("observer")
        answer = device.sync().json
        count, _, version_sum = device.etag.strip('"').split("-")
        history = {name: self.user.call("GET", f"/tasks/{name}/history") for name in ("merged", "contested", "gone", "new")}
        return {"tasks": sorted(device.tasks.values(), key=lambda task: task["id"]), "count": count, "sum": version_sum,
                "truth": (str(len(answer["updates"])), str(sum(task["version"] for task in answer["updates"]))),
                "history": {name: self._entries(answer) for name, answer in history.items()},
                "told": [self._conflict(conflict) for conflict in self.desk.send().json["conflicts"]]}

    @staticmethod
    def _entries(answer: Answer) -> list[dict[str, Any]]:
        entries = answer.json["history"] if answer.status == 200 else []
        return [{name: value for name, value in entry.items() if name != "at"} for entry in entries]

    @staticmethod
    def _conflict(conflict: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in conflict.items() if name != "at"}


class FaultPointsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack.shared()
        cls.replica = Replica(cls.stack)
        cls.addClassCleanup(cls.replica.close)

    def push(self, scene: Scene, request: tuple[str, dict[str, Any]]) -> Answer | None:
        """Through the replica. None: it died."""
        path, body = request
        try:
            return call(self.replica.url, "POST", path, body, scene.user.token)
        except OSError:
            return None

    def retry(self, scene: Scene, request: tuple[str, dict[str, Any]]) -> None:
        answer = self.push(scene, request)
        self.assertEqual(answer.status, 200, answer)

    def push_and_die(self, scene: Scene, request: tuple[str, dict[str, Any]], number: int, side: str) -> str:
        """The message at which it died."""
        course = self.replica.course
        course.hold_at(number, side)
        pushing = threading.Thread(target=self.push, args=(scene, request))
        pushing.start()
        self.assertTrue(course.held.wait(30), f"only {course.sent} were sent")
        died_at = course.sent[number]
        self.replica.kill()
        pushing.join()
        course.record()
        self.replica.start()
        return died_at

    def messages_of_a_push(self, make_push) -> tuple[list[str], dict[str, Any]]:
        """Of a process that has just started, as those that will die."""
        self.replica.restart()
        scene = Scene(self.stack)
        self.replica.course.record()
        self.assertEqual(self.push(scene, make_push(scene)).status, 200)
        return list(self.replica.course.sent), scene.stored()

    def check_every_fault_point(self, make_push):
        self.messages_of_a_push(make_push)  # Redis learns the scripts
        messages, whole = self.messages_of_a_push(make_push)
        pushes = [message for message in messages if "lock_head" in message or "push" in message]
        self.assertEqual(len(pushes), 2, f"a push takes two round trips: {messages}")
        self.assertGreaterEqual(messages.count("Redis: EVALSHA"), 2, messages)
        commit = messages.index(pushes[1])
        for number in range(len(messages)):
            for side in (BEFORE, AFTER):
                scene = Scene(self.stack)
                nothing, request = scene.stored(), make_push(scene)
                self.replica.restart()
                died_at = self.push_and_die(scene, request, number, side)
                with self.subTest(f"killed {side} message {number} of {len(messages)} ({died_at})"):
                    self.assertEqual(died_at, messages[number])
                    committed = number > commit or (number == commit and side == AFTER)
                    self.assertEqual(scene.stored(), whole if committed else nothing, "what the dead process left")
                    self.retry(scene, request)
                    self.assertEqual(scene.stored(), whole, "after a retry")
                    if "mutation_id" in request[1]["changes"][0]:  # V1 knows a retry by its values alone
                        scene.others_go_on()
                    before = scene.stored()
                    self.retry(scene, request)
                    self.assertEqual(scene.stored(), before, "after a retry, others having written in between")

    def test_the_scene_has_every_kind_of_outcome(self):
        scene = Scene(self.stack)
        answer = self.push(scene, scene.final_push()).json
        self.assertEqual([rejected["code"] for rejected in answer["rejected"]], ["content_too_long"])
        stored = scene.stored()
        self.assertEqual([(task["id"], task["content"], task["completed"], task["pinned"]) for task in stored["tasks"]],
                         [("contested", "the desk's", False, False), ("merged", "merged", True, True),
                          ("new", "new", False, False)])
        self.assertEqual([conflict["field"] for conflict in stored["told"]], ["content"])
        self.assertEqual((stored["count"], stored["sum"]), stored["truth"])

    def test_a_final_push_is_whole_or_absent_and_its_retry_exact(self):
        self.check_every_fault_point(Scene.final_push)

    def test_a_v1_push_is_whole_or_absent_and_its_retry_exact(self):
        self.check_every_fault_point(Scene.v1_push)
