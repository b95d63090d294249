"""A plain client of Tidemark's JSON API: answers, users, devices."""

import copy
import gzip
import http.client
import json
import time
import urllib.parse
import uuid
from typing import Any, Mapping

import contract
import secrecy

PASSWORD = "correct horse battery"
TIMEOUT_SECONDS = 30


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Answer:
    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes):
        self.status = status
        self.headers = {name.lower(): value for name, value in headers}
        self.body = body

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """Of a problem: its stable code."""
        is_problem = self.headers.get("content-type", "").startswith("application/problem+json")
        return self.json["code"] if is_problem else None

    @property
    def decoded(self) -> bytes:
        return gzip.decompress(self.body) if self.headers.get("content-encoding") == "gzip" else self.body

    def __repr__(self) -> str:
        return f"<{self.status} {self.body[:300]!r}>"


def call(base: str, method: str, path: str, body: Any = None, token: str | None = None,
         headers: Mapping[str, str] = {}, described: bool = True) -> Answer:
    """`body` is sent as JSON; bytes are sent as they are. `described`: the answer is one of the contract's."""
    url = urllib.parse.urlparse(base)
    connection = http.client.HTTPConnection(url.hostname, url.port, timeout=TIMEOUT_SECONDS)
    sent = dict(headers)
    if body is not None:
        secrecy.keep_all_of(body)
        sent.setdefault("Content-Type", "application/json")
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
    if token:
        secrecy.keep(token)
        sent["Authorization"] = f"Bearer {token}"
    try:
        connection.request(method, path, body=body, headers=sent)
        response = connection.getresponse()
        answer = Answer(response.status, response.getheaders(), response.read())
        if path.startswith("/auth/") and answer.body:
            secrecy.keep_all_of(answer.json)
        if described:
            contract.check(method, path, answer.status, answer.headers, answer.decoded)
        return answer
    finally:
        connection.close()


class User:
    """Registered at once, with an address of its own."""

    def __init__(self, base: str):
        self.base = base
        self.email = f"{uuid.uuid4().hex}@example.com"
        answer = call(base, "POST", "/auth/register", {"email": self.email, "password": PASSWORD})
        assert answer.status == 201, answer
        self.take(answer.json)

    def take(self, tokens: Mapping[str, Any]) -> None:
        self.id = tokens["user_id"]
        self.token = tokens["access_token"]
        self.refresh_token = tokens["refresh_token"]

    def call(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] = {}) -> Answer:
        return call(self.base, method, path, body, self.token, headers)

    def through(self, base: str) -> "User":
        """The same user at another gateway."""
        user = copy.copy(self)
        user.base = base
        return user

    def device(self, name: str) -> "Device":
        return Device(self, name)


class Device:
    """Keeps what a device keeps: tasks, cursor, ETag, and the number of its last change."""

    def __init__(self, user: User, name: str):
        self.user, self.name = user, name
        self.tasks: dict[str, dict[str, Any]] = {}
        self.cursor, self.etag = 0, None
        self.last_mutation, self.acked = 0, 0

    def new_task(self, content: str, task_id: str | None = None, at: int | None = None) -> dict[str, Any]:
        at = now_ms() if at is None else at
        return self._change(task_id or str(uuid.uuid4()), 1, at, created_at=at, content=content, completed=False,
                            pinned=False, deleted_at=None)

    def edit(self, task_id: str, **fields: Any) -> dict[str, Any]:
        return self._change(task_id, self.tasks[task_id]["version"] + 1, now_ms(), **fields)

    def _change(self, task_id: str, version: int, updated_at: int, **fields: Any) -> dict[str, Any]:
        self.last_mutation += 1
        return {"id": task_id, "mutation_id": self.last_mutation, "version": version, "updated_at": updated_at,
                "device_id": self.name, **fields}

    def check(self) -> Answer:
        return self.user.call("GET", "/sync/check", headers={"If-None-Match": self.etag} if self.etag else {})

    def send(self, *changes: Mapping[str, Any], **more: Any) -> Answer:
        """One request, its answer not looked at."""
        body = {"last_sync": self.cursor, "device_id": self.name, "acked": self.acked, "changes": list(changes)}
        return self.user.call("POST", "/sync", body | more)

    def sync(self, *changes: Mapping[str, Any]) -> Answer:
        """Pushes and pulls, and stores the answer, and its further pages. Returns the first."""
        first = page = self.send(*changes)
        assert first.status == 200, first
        self._store(first.json, changes)
        while page.json.get("has_more"):
            page = self.send(page=page.json["page"])
            assert page.status == 200, page
            self._store(page.json, ())
        self.cursor = page.json["server_time"]
        self.etag = f'"{page.json["etag"].strip(chr(34))}"'
        return first

    def _store(self, answer: Mapping[str, Any], changes: tuple[Mapping[str, Any], ...]) -> None:
        for row in [*changes, *answer["updates"]]:
            fields = {name: value for name, value in row.items() if name != "mutation_id"}
            self.tasks.setdefault(row["id"], {}).update(fields)
        gone = [row["id"] for row in changes if row.get("deleted_at")]
        for task_id in [*answer["deleted"], *gone]:
            self.tasks.pop(task_id, None)
        self.acked = max([self.acked, *(change["mutation_id"] for change in changes)])

    @property
    def contents(self) -> dict[str, str]:
        return {task_id: task["content"] for task_id, task in self.tasks.items()}
