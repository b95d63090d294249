"""Relays between a service and its stores that can stop at one message, before or after the store has had it.

    course = Course()
    postgres = Relay(("127.0.0.1", 5432), PostgresWire, course)
    course.hold_at(2, AFTER)        # counted from 0, over all relays, from now on
    course.held.wait()              # message 2 was answered, and the answer is kept back
    course.cut()                    # all connections are closed; what was held is never told
"""

import contextlib
import re
import socket
import struct
import threading
from typing import Callable, Iterator

BEFORE, AFTER = "before", "after"


class Course:
    """What the service has sent since it was last asked, in order, over all its relays."""

    def __init__(self):
        self._lock = threading.Lock()
        self._sockets: set[socket.socket] = set()
        self.held = threading.Event()
        self.record()

    def record(self) -> None:
        self.hold_at(None, BEFORE)

    def hold_at(self, number: int | None, side: str) -> None:
        with self._lock:
            self.sent: list[str] = []
            self._number, self._side = number, side
            self.held.clear()

    def next(self, name: str) -> str | None:
        """Which side of this message is to be held; None: neither."""
        with self._lock:
            self.sent.append(name)
            return self._side if len(self.sent) - 1 == self._number else None

    def add(self, *sockets: socket.socket) -> None:
        with self._lock:
            self._sockets.update(sockets)

    def cut(self) -> None:
        with self._lock:
            sockets, self._sockets = self._sockets, set()
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


class Relay:
    def __init__(self, store: tuple[str, int], wire: Callable, course: Course):
        self._store, self._wire, self._course = store, wire, course
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = self._listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                service, _ = self._listener.accept()
                threading.Thread(target=self._carry, args=(service,), daemon=True).start()

    def _carry(self, service: socket.socket) -> None:
        with contextlib.suppress(OSError):
            store = socket.create_connection(self._store)
            self._course.add(service, store)
            wire = self._wire()
            held = threading.Event()
            threading.Thread(target=self._carry_answers, args=(store, service, wire, held), daemon=True).start()
            for name, message in wire.requests(service):
                side = self._course.next(name) if name else None
                if side == BEFORE:
                    self._course.held.set()
                    return
                if side == AFTER:
                    held.set()
                store.sendall(message)

    def _carry_answers(self, store: socket.socket, service: socket.socket, wire, held: threading.Event) -> None:
        with contextlib.suppress(OSError):
            for answer in wire.answers(store):
                if held.is_set():
                    self._course.held.set()
                    return
                service.sendall(answer)


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise ConnectionResetError
        data += more
    return data


class PostgresWire:
    """A request is a simple query; an answer ends when the server is ready for the next."""

    SSL_REQUEST = 80877103

    def requests(self, service: socket.socket) -> Iterator[tuple[str, bytes]]:
        while True:
            head = _exactly(service, 8)
            length, code = struct.unpack(">II", head)
            yield "", head + _exactly(service, length - 8)
            if code != self.SSL_REQUEST:
                break
        self._started = True
        while True:
            head = _exactly(service, 5)
            body = _exactly(service, struct.unpack(">I", head[1:])[0] - 4)
            yield self._name(body) if head[:1] == b"Q" else "", head + body

    @staticmethod
    def _name(body: bytes) -> str:
        """What a new connection sets up does not count."""
        called = re.findall(r"EXECUTE (\w+)", body.decode(errors="replace"))
        return f"PostgreSQL: {', '.join(called)}" if called else ""

    _started = False

    def answers(self, store: socket.socket) -> Iterator[bytes]:
        while not self._started:
            yield store.recv(65536)
        whole = b""
        while True:
            head = _exactly(store, 5)
            whole += head + _exactly(store, struct.unpack(">I", head[1:])[0] - 4)
            if head[:1] in (b"Z", b"R", b"E"):
                yield whole
                whole = b""


class RedisWire:
    """A request is one command."""

    def requests(self, service: socket.socket) -> Iterator[tuple[str, bytes]]:
        with service.makefile("rb") as file:
            while line := file.readline():
                message, words = line, []
                for _ in range(int(line[1:])):
                    size = file.readline()
                    word = file.read(int(size[1:]) + 2)
                    words.append(word[:-2])
                    message += size + word
                command = words[0].decode().upper()
                yield f"Redis: {command}" if command.startswith("EVAL") else "", message

    def answers(self, store: socket.socket) -> Iterator[bytes]:
        while data := store.recv(65536):
            yield data
