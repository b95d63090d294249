"""Replicas of each service behind one gateway, on the stores of a BenchStack."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from typing import Self

from report.bench_stack import BenchStack
from report.generators import Failed
from supervisor import ports

SERVICES = ("ratelimit", "auth", "sync")
READY_SECONDS, END_SECONDS = 30, 30


class Replica:
    """One address for good, whether it runs or not."""

    def __init__(self, stack: BenchStack, name: str, **settings: str):
        chosen = ports.choose(("own", "admin"), {})
        self.address, self.admin = (f"{ports.HOST}:{chosen[port]}" for port in ("own", "admin"))
        self._program, self._log = stack.binaries / f"tidemark-{name}", stack.folder / f"replica-{chosen['own']}.log"
        self._env = stack.program_env(name) | settings | {
            "TIDEMARK_ADDRESS": self.address, "TIDEMARK_ADMIN_ADDRESS": self.admin, "TIDEMARK_HANDOVER": "500ms"}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(["setpriv", "--pdeathsig=KILL", "--", self._program], env=self._env,
                                             stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            if time.monotonic() > deadline:
                raise Failed(f"{self._program.name} is not ready; {self._log} tells why")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            self._get("/readyz")
            return True
        except (OSError, urllib.error.HTTPError):
            return False

    def metrics(self) -> str:
        return self._get("/metrics")

    def _get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://{self.admin}{path}", timeout=READY_SECONDS) as answer:
            return answer.read().decode()

    def end(self) -> None:
        """In order."""
        process, self._process = self._process, None
        process.terminate()
        if process.wait(END_SECONDS) != 0:
            raise Failed(f"{self._program.name} exited with {process.returncode}; {self._log} tells why")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class Fleet:
    """Lives as long as the `with` around it. Everybody is told all addresses, once."""

    def __init__(self, stack: BenchStack, replicas: int):
        self.of: dict[str, list[Replica]] = {}
        lists: dict[str, str] = {}
        for name in SERVICES:
            self.of[name] = [Replica(stack, name, **lists) for _ in range(replicas)]
            lists[f"TIDEMARK_{name.upper()}_ADDRESS"] = ",".join(replica.address for replica in self.of[name])
        self._gateway = Replica(stack, "gateway", **lists)
        self.url = f"http://{self._gateway.address}"

    def __enter__(self) -> Self:
        try:
            for replica in (*self._all(), self._gateway):
                replica.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for replica in (self._gateway, *self._all()):
            replica.kill()

    def _all(self) -> list[Replica]:
        return [replica for name in SERVICES for replica in self.of[name]]
