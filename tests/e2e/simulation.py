"""Simulated devices on a running Tidemark with two sync replicas (tests/simulation/simulate_service.cc)."""

import contextlib
import signal
import socket
import subprocess
import threading
import urllib.parse
from pathlib import Path
from typing import Iterator

from stack import BUILT, Stack, eventually
from twin import Twin

USERS = 2
STEPS_OF_ROUND = 500
END_SECONDS = 120


class Bridge:
    """To a server; what crosses it can be cut off from the server, which others go on reaching."""

    def __init__(self, url: str):
        self._server = urllib.parse.urlparse(url)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: set[socket.socket] = set()
        self._up = True
        self.url = self._server._replace(netloc=f"127.0.0.1:{self._listener.getsockname()[1]}").geturl()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            near, _ = self._listener.accept()
            with contextlib.suppress(OSError):
                if not self._up:
                    near.close()
                    continue
                far = socket.create_connection((self._server.hostname, self._server.port))
                self._sockets |= {near, far}
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_RDWR)

    @contextlib.contextmanager
    def cut(self) -> Iterator[None]:
        self._up = False
        sockets, self._sockets = self._sockets, set()
        for each in sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        try:
            yield
        finally:
            self._up = True


class SecondSync(Twin):
    """Another tidemark-sync on the stack's PostgreSQL and Redis; to Redis it has a bridge."""

    def __init__(self, stack: Stack):
        self.to_redis = Bridge(stack.env()["TIDEMARK_REDIS_URL"])
        super().__init__(stack, "sync", redis_url=self.to_redis.url)

    def start(self) -> None:
        super().start()
        self.await_ready()


class Simulation:
    """The program under way. Each round of it ends with all devices at rest, and judged."""

    def __init__(self, stack: Stack, second: SecondSync, seed: int):
        folder = stack.data / f"simulation-{seed}"
        folder.mkdir()
        users, self._told = folder / "users", folder / "told"
        users.write_text("".join(f"{user.id} {user.token}\n" for user in (stack.user() for _ in range(USERS))))
        addresses = f"{stack.env()['TIDEMARK_SYNC_ADDRESS']},{second.address}"
        with self._told.open("w") as told:
            self._process = subprocess.Popen(
                [BUILT / "tidemark-simulate-service", "--sync-address", addresses, "--users", users, "--seed", str(seed),
                 "--steps", str(STEPS_OF_ROUND), "--rounds", "0"],
                env={"TIDEMARK_SERVICE_TOKEN": stack.env()["TIDEMARK_SERVICE_TOKEN"]}, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT)

    def await_rounds(self, more: int = 1) -> None:
        wanted = self._rounds() + more
        eventually(f"{more} more rounds", lambda: self._rounds() >= wanted or self._process.poll() is not None)
        assert self._process.poll() is None, self.told()

    def end(self) -> str:
        """What it told; fails if a law was broken."""
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(END_SECONDS) == 0, self.told()
        return self.told()

    def abandon(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    def told(self) -> str:
        return self._told.read_text()

    def _rounds(self) -> int:
        return self.told().count("\nround ") + self.told().startswith("round ")
