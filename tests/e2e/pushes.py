"""Pushes in which much happens at once, each ready to be sent again and again; and what must come of them, once.

A device has been offline while the phone edited the same tasks.
"""

from typing import Any

from client import Answer, Device, User, now_ms
from gate import FENCE, LOAD, PUBLISH, WRITE

TaskRow = tuple[int, str, bool, bool]
SECOND_MS = 1000


class FinalPush:
    """A new task, an edit beside another's, a conflict won and one lost, a deletion, and a change to be rejected."""

    # As ARCHITECTURE.md tells it.
    steps = [FENCE, LOAD, WRITE, PUBLISH]
    # version, content, completed, pinned
    tasks: dict[str, TaskRow] = {
        "new": (1, "new", False, False), "merged": (3, "merged", True, True),
        "won": (3, "desk's", False, False), "lost": (2, "phone's", False, False)}
    # task, field, winner, device that is kept, device that is discarded
    conflicts = [("lost", "content", "server", "phone", "desk"), ("won", "content", "client", "desk", "phone")]
    rejected = [("nobody", "unknown_task")]
    # field, value, device, reason; newest first
    history: dict[str, list[tuple[str, Any, str, str]]] = {
        "new": [],
        "merged": [("completed", False, "desk", "overwritten"), ("pinned", False, "desk", "overwritten")],
        "won": [("content", "phone's", "phone", "conflict"), ("content", "won", "desk", "overwritten")],
        "lost": [("content", "desk's", "desk", "conflict"), ("content", "lost", "desk", "overwritten")],
        "doomed": [("content", "doomed", "desk", "deleted"), ("deleted_at", None, "desk", "deleted")]}

    def __init__(self, user: User, gated: User):
        self._desk, self.phone = gated.device("desk"), user.device("phone")
        self._desk.sync(*(self._desk.new_task(task_id, task_id) for task_id in ("merged", "won", "lost", "doomed")))
        now = now_ms()
        lost = self._desk.edit("lost", content="desk's") | {"updated_at": now - 2 * SECOND_MS}
        let_phone_edit(self.phone, now - SECOND_MS)
        unknown = {"id": "nobody", "version": 2, "updated_at": now, "device_id": "desk", "completed": True}
        self._changes = [
            self._desk.new_task("new", "new"), self._desk.edit("merged", completed=True),
            self._desk.edit("won", content="desk's") | {"updated_at": now}, lost | {"mutation_id": self._next()},
            self._desk.edit("doomed", deleted_at=now), unknown | {"mutation_id": self._next()}]
        # Numbers rise within a request.
        self._changes.sort(key=lambda change: change["mutation_id"])

    def _next(self) -> int:
        self._desk.last_mutation += 1
        return self._desk.last_mutation

    def send(self) -> Answer:
        return self._desk.send(*self._changes)


class FirstPush:
    """The first that a user ever sends."""

    steps = [FENCE, LOAD, WRITE, PUBLISH]
    tasks = {"new": (1, "new", False, False)}
    conflicts: list[tuple] = []
    rejected: list[tuple] = []
    history: dict[str, list] = {"new": []}

    def __init__(self, user: User, gated: User):
        self._desk, self.phone = gated.device("desk"), user.device("phone")
        self.phone.sync()
        self._changes = [self._desk.new_task("new", "new")]

    def send(self) -> Answer:
        return self._desk.send(*self._changes)


class V1Push:
    """As FinalPush, of whole objects without numbers. What cannot be stored would refuse the whole request."""

    steps = FinalPush.steps
    tasks = FinalPush.tasks
    conflicts = FinalPush.conflicts
    rejected: list[tuple] = []
    history = FinalPush.history

    def __init__(self, user: User, gated: User):
        self._gated, self.phone = gated, user.device("phone")
        now = now_ms()
        before = [self._object(task_id, now) for task_id in ("merged", "won", "lost", "doomed")]
        self._cursor = self._sync(0, before).json["server_time"]
        let_phone_edit(self.phone, now)
        at = now_ms() + 1
        self._changes = [self._object("new", at), self._object("merged", at, version=2, completed=True),
                         self._object("won", at, version=2, content="desk's"),
                         self._object("lost", now - SECOND_MS, version=2, content="desk's"),
                         self._object("doomed", at, version=2, deleted_at=at)]

    def _object(self, task_id: str, at: int, **fields: Any) -> dict[str, Any]:
        return {"id": task_id, "version": 1, "created_at": at, "updated_at": at, "device_id": "desk",
                "content": task_id, "completed": False, "pinned": False, "deleted_at": None} | fields

    def _sync(self, cursor: int, changes: list[dict[str, Any]]) -> Answer:
        return self._gated.call("POST", "/v1/sync", {"last_sync": cursor, "changes": changes})

    def send(self) -> Answer:
        return self._sync(self._cursor, self._changes)


def let_phone_edit(phone: Device, at: int) -> None:
    phone.sync()
    changes = [phone.edit("merged", pinned=True),
               *(phone.edit(task_id, content="phone's") for task_id in ("won", "lost") if task_id in phone.tasks)]
    phone.sync(*(change | {"updated_at": at} for change in changes))
