"""A second tidemark-sync on a stack's stores, behind gates, and a gateway of its own in front of it."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Sequence

from client import call
from gate import Gate, PostgresWire, RedisWire, Turnstile
from stack import Stack, eventually
from stored import query
from supervisor import ports


class Twin:
    """Another process of a program that the stack runs, with some settings of its own, on one address for good.

    `begins_with` are the events that its log tells when it has begun. Readiness comes only with the first look at
    the database, a second later.
    """

    def __init__(self, stack: Stack, name: str, begins_with: Sequence[str], **settings: str):
        running = Path(f"/proc/{stack.pid(name)}")
        chosen = ports.choose(("own", "admin"), {})
        self.address = f"{ports.HOST}:{chosen['own']}"
        self._program = (running / "exe").readlink()
        self._env = dict(line.split("=", 1) for line in (running / "environ").read_text().split("\0") if line)
        self._env |= {"TIDEMARK_ADDRESS": self.address, "TIDEMARK_ADMIN_ADDRESS": f"{ports.HOST}:{chosen['admin']}"}
        self._env |= {f"TIDEMARK_{key.upper()}": value for key, value in settings.items()}
        self._begins_with = begins_with
        self._folder = stack.data / f"twin-{name}"
        self._folder.mkdir()
        self._log = self._folder / "log"
        self._log.touch()
        self.start()

    def start(self) -> None:
        told = self._told()
        with self._log.open("a") as log:
            self._process = subprocess.Popen(["setpriv", "--pdeathsig=KILL", "--", self._program], env=self._env,
                                             cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        eventually(f"{self._program.name} has begun",
                   lambda: all(now > before for now, before in zip(self._told(), told)))

    def _told(self) -> list[int]:
        text = self._log.read_text()
        return [text.count(f'"event":"{event}"') for event in self._begins_with]

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Returns when it does nothing any more, until `go_on`."""
        os.kill(self._process.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self._process.pid, os.WSTOPPED)

    def go_on(self) -> None:
        os.kill(self._process.pid, signal.SIGCONT)


class GatedReplica:
    """One event loop and one database connection: messages come in one order, whatever the machine's load."""

    def __init__(self, stack: Stack):
        env = stack.env()
        self._stack = stack
        self.turnstile = Turnstile()
        plain = "?sslmode=disable&gssencmode=disable"
        self._gates = [Gate(env["TIDEMARK_POSTGRES_URL"] + plain, PostgresWire(), self.turnstile),
                       Gate(env["TIDEMARK_REDIS_URL"], RedisWire(), self.turnstile)]
        postgres, redis = (gate.url for gate in self._gates)
        self.sync = Twin(stack, "sync", ("listening", "redis_connected"), postgres_url=postgres, redis_url=redis,
                         postgres_connections="1", event_loops="1")
        self._gateway = Twin(stack, "gateway", ("listening",), sync_address=self.sync.address)
        self.url = f"http://{self._gateway.address}"
        self.recover()

    def recover(self) -> None:
        """Whatever was done to it: it runs, the cache is used, nothing is held."""
        self.turnstile.arm(None)
        if self._end_suspension():
            self.sync.kill()
        if not self.sync.runs:
            self.sync.start()
        eventually("the replica answers", self._answers)

    def _end_suspension(self) -> bool:
        """A Redis that was held for too long counts as lost: for a minute no push would put a fence."""
        return query(self._stack, "update sync.data_set set cache_suspended_until = '-infinity' "
                                  "where cache_suspended_until > now() returning true") == "t"

    def _answers(self) -> bool:
        return call(self.url, "GET", "/sync/check", token="none").status == 401

    def close(self) -> None:
        self._gateway.kill()
        self.sync.kill()
        self.turnstile.arm(None)
        for gate in self._gates:
            gate.close()
