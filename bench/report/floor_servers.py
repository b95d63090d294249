"""The bare servers that Tidemark is measured beside: nginx, and an echo of one and of two gRPC calls."""

import socket
import subprocess
import time
from pathlib import Path
from typing import Self

from supervisor import ports

from .floor_sources import FLOORS

READY_SECONDS = 10.0
PROGRAMS = ("nginx", "echo", "forwarder")


class FloorServers:
    """Run as long as the `with` around them."""

    def __init__(self, binaries: Path, folder: Path):
        self._folder = folder / "nginx"
        self._folder.mkdir()
        chosen = ports.choose(PROGRAMS, {})
        self.addresses = {name: f"{ports.HOST}:{port}" for name, port in chosen.items()}
        config = self._folder / "nginx.conf"
        config.write_text((FLOORS / "nginx.conf").read_text().replace("{folder}", str(self._folder))
                          .replace("{address}", self.addresses["nginx"]))
        echo = binaries / "tidemark-echo-server"
        self._commands = {
            "nginx": ["/usr/sbin/nginx", "-c", str(config), "-p", str(self._folder)],
            "echo": [str(echo), "--address", self.addresses["echo"]],
            "forwarder": [str(echo), "--address", self.addresses["forwarder"], "--forward", self.addresses["echo"]]}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        try:
            for name in PROGRAMS:
                with open(self._folder / f"{name}.log", "wb") as log:
                    self._running[name] = subprocess.Popen(self._commands[name], stdin=subprocess.DEVNULL, stdout=log,
                                                           stderr=log)
            for name in PROGRAMS:
                self._await(name)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.wait()

    def pids(self, *names: str) -> dict[str, int]:
        return {name: self._running[name].pid for name in names}

    def _await(self, name: str) -> None:
        host, port = self.addresses[name].rsplit(":", 1)
        deadline = time.monotonic() + READY_SECONDS
        while True:
            try:
                socket.create_connection((host, int(port)), 1).close()
                return
            except OSError:
                ended = self._running[name].poll() is not None
                assert not ended and time.monotonic() < deadline, f"{name} does not listen on {host}:{port}"
                time.sleep(0.01)
