"""A relay between tidemark-sync and its stores that can hold any message of a push, on either side of the store.

    service ── request ──► BEFORE ──► store          one thread a connection: a request, then its answer,
    service ◄── answer ◄── AFTER  ◄── store          which is how both protocols are used

The protocols are read just far enough to know where a message ends and what it is for.
"""

import socket
import threading
import urllib.parse
from typing import BinaryIO

HOST = "127.0.0.1"
BEFORE, AFTER = "before", "after"
# What a message is for.
FENCE, LOAD, MAKE_HEAD, WRITE, PUBLISH = "fence", "load", "make the head", "write and commit", "publish"


class FaultPoint:
    """Where a push is held: at its message of this number, or for this purpose, on this side of the store."""

    def __init__(self, message: int | str, side: str):
        self.message, self.side = message, side
        self._held_at = ""

    @property
    def held(self) -> bool:
        return bool(self._held_at)

    def meets(self, store: str, number: int, purpose: str, side: str) -> bool:
        """At most once."""
        if self.held or side != self.side or self.message not in (number, purpose):
            return False
        when = f"before {store} got" if side == BEFORE else f"after {store} answered"
        self._held_at = f"{when} message {number} ({purpose})"
        return True

    def __str__(self) -> str:
        return self._held_at or f"{self.side} message {self.message}, which was not sent"


class Turnstile:
    """Numbers the messages of a push as they come to any gate, and holds it at one point."""

    def __init__(self):
        self._decided = threading.Condition()
        self.arm(None)

    def arm(self, point: FaultPoint | None) -> None:
        """Numbers from 1 again, and holds at `point`. Of what is held now, the connection ends on both sides."""
        with self._decided:
            self._point, self._goes_on = point, False
            # What the messages were for.
            self.sent: list[str] = []
            self.answered: list[str] = []
            self._decided.notify_all()

    def let_go(self) -> None:
        with self._decided:
            self._goes_on = True
            self._decided.notify_all()

    def request(self, store: str, purpose: str) -> int:
        """The number of the message; returns when it may go to the store."""
        with self._decided:
            self.sent.append(purpose)
            number = len(self.sent)
            self._hold(store, number, purpose, BEFORE)
            return number

    def answer(self, store: str, number: int, purpose: str) -> None:
        """Returns when the answer may go to the service."""
        with self._decided:
            self.answered.append(purpose)
            self._hold(store, number, purpose, AFTER)

    def _hold(self, store: str, number: int, purpose: str, side: str) -> None:
        point = self._point
        if point is None or not point.meets(store, number, purpose, side):
            return
        self._decided.wait_for(lambda: self._point is not point or self._goes_on)
        if self._point is not point:
            raise EOFError("cut")


class PostgresWire:
    store = "PostgreSQL"
    # By a statement that the message executes. More than one may fit: the first does.
    _PURPOSES = {"push": WRITE, "push_with_history": WRITE, "push_with_conflicts": WRITE, "lock_head": LOAD,
                 "lock_free_heads": LOAD,
                 "make_head": MAKE_HEAD, "changed_tasks": "pull", "read_head": "read the head"}
    # Parse, Bind, Describe, Execute: more follows, up to Sync.
    _EXTENDED = (b"P", b"B", b"D", b"E")
    # What a process asks on its own account, each second.
    _BACKGROUND = ["read_data_set"]

    def read_request(self, file: BinaryIO) -> bytes:
        """One message, or all up to Sync. Only the first of a connection has no type; its length begins with a zero."""
        kind = _exactly(file, 1)
        if kind == b"\0":
            return _after_length(file, kind + _exactly(file, 3))
        request = kind + _after_length(file, _exactly(file, 4))
        while kind in self._EXTENDED:
            kind = _exactly(file, 1)
            request += kind + _after_length(file, _exactly(file, 4))
        return request

    def read_answer(self, file: BinaryIO) -> bytes:
        """Up to ReadyForQuery, or to a question of the SCRAM log-in."""
        answer = b""
        while True:
            message = _exactly(file, 1)
            message += _after_length(file, _exactly(file, 4))
            answer += message
            asks = message[:1] == b"R" and int.from_bytes(message[5:9], "big") in (10, 11)
            if message[:1] == b"Z" or asks:
                return answer

    def purpose(self, request: bytes) -> str | None:
        executed = self._executed(request)
        if not executed or executed == self._BACKGROUND:
            return None
        return next((purpose for name, purpose in self._PURPOSES.items() if name in executed), " ".join(executed))

    def _executed(self, request: bytes) -> list[str]:
        """The prepared statements that Bind messages name. A query that is text is not for a push."""
        names = []
        while request[:1] in self._EXTENDED:
            if request[:1] == b"B":
                names.append(request[5:].split(b"\0", 2)[1].decode())
            request = request[1 + int.from_bytes(request[1:5], "big"):]
        return names


class RedisWire:
    store = "Redis"

    def read_request(self, file: BinaryIO) -> bytes:
        return _resp_value(file)

    def read_answer(self, file: BinaryIO) -> bytes:
        return _resp_value(file)

    def purpose(self, request: bytes) -> str | None:
        """A script of the head cache is known by its arguments (services/sync/storage/redis)."""
        words = request.split(b"\r\n")[2::2]
        # What is announced to other replicas is told after the answer; a PING asks whether Redis is there.
        if words[0] in (b"INFO", b"PUBLISH", b"PING"):
            return None
        if words[0] not in (b"EVAL", b"EVALSHA"):
            return words[0].decode()
        keys_end = 3 + int(words[2])
        keys, arguments = words[3:keys_end], words[keys_end:]
        if keys[0].startswith(b"users:"):
            return None  # how many people were here today: counted on the process' own account
        if len(arguments) == 5:
            return FENCE
        if len(arguments) == 2:
            return "unfence"
        return PUBLISH if b"-" in arguments[1] else "read"


def _exactly(file: BinaryIO, size: int) -> bytes:
    got = file.read(size)
    if len(got) < size:
        raise EOFError
    return got


def _after_length(file: BinaryIO, length: bytes) -> bytes:
    """The length, which counts itself, and what follows."""
    return length + _exactly(file, int.from_bytes(length, "big") - len(length))


def _resp_value(file: BinaryIO) -> bytes:
    line = file.readline()
    if not line.endswith(b"\r\n"):
        raise EOFError
    kind, text = line[:1], line[1:]
    if kind == b"$" and int(text) >= 0:
        return line + _exactly(file, int(text) + 2)
    if kind == b"*":
        return line + b"".join(_resp_value(file) for _ in range(int(text)))
    return line


class Gate:
    """Listens on `address` for as long as the test runs; each connection has one of its own to the store."""

    def __init__(self, url: str, wire: PostgresWire | RedisWire, turnstile: Turnstile):
        self._store = urllib.parse.urlparse(url)
        self._wire, self._turnstile = wire, turnstile
        self._listener = socket.create_server((HOST, 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def url(self) -> str:
        """The store's, by way of the gate."""
        credentials = self._store.netloc.rpartition("@")[0]
        host = f"{HOST}:{self._listener.getsockname()[1]}"
        return self._store._replace(netloc=f"{credentials}@{host}" if credentials else host).geturl()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                service, _ = self._listener.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._relay, args=[service], daemon=True).start()

    def _relay(self, service: socket.socket) -> None:
        store = socket.create_connection((self._store.hostname, self._store.port))
        with service, store, service.makefile("rb") as requests, store.makefile("rb") as answers:
            try:
                while True:
                    self._pass_on(service, store, requests, answers)
            except (EOFError, OSError):
                pass  # either side has gone, or the test has cut it

    def _pass_on(self, service: socket.socket, store: socket.socket, requests: BinaryIO, answers: BinaryIO) -> None:
        request = self._wire.read_request(requests)
        purpose = self._wire.purpose(request)
        number = self._turnstile.request(self._wire.store, purpose) if purpose else 0
        store.sendall(request)
        answer = self._wire.read_answer(answers)
        if purpose:
            self._turnstile.answer(self._wire.store, number, purpose)
        service.sendall(answer)
