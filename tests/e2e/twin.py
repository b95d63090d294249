"""A second process of a program that a stack runs."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Sequence

from client import call
from stack import Stack, eventually
from supervisor import ports

END_SECONDS = 30


class Twin:
    """With the settings of the stack's own and some instead, on one address for good: a free one, if none is given.

    `begins_with` are the events that its log tells when it has begun; it may not be ready yet.
    """

    def __init__(self, stack: Stack, name: str, begins_with: Sequence[str] = ("listening",), **settings: str):
        running = Path(f"/proc/{stack.pid(name)}")
        chosen = ports.choose(("own", "admin"), {})
        self.address, self._admin = (f"{ports.HOST}:{chosen[port]}" for port in ("own", "admin"))
        self.address = settings.get("address", self.address)
        self._program = (running / "exe").readlink()
        self._env = dict(line.split("=", 1) for line in (running / "environ").read_text().split("\0") if line)
        self._env |= {"TIDEMARK_ADDRESS": self.address, "TIDEMARK_ADMIN_ADDRESS": self._admin}
        self._env |= {f"TIDEMARK_{key.upper()}": value for key, value in settings.items()}
        self._begins_with = begins_with
        self._folder = Path(tempfile.mkdtemp(prefix=f"twin-{name}-", dir=stack.data))
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

    def await_ready(self) -> None:
        eventually(f"{self._program.name} is ready", self.is_ready)

    def is_ready(self) -> bool:
        return call(f"http://{self._admin}", "GET", "/readyz", described=False).status == 200

    def metrics(self) -> str:
        return call(f"http://{self._admin}", "GET", "/metrics", described=False).body.decode()

    def tells(self, event: str) -> int:
        """How often its log does."""
        return len(self.told_lines(event))

    def told_lines(self, event: str) -> list[str]:
        return [line for line in self._log.read_text().splitlines() if f'"event":"{event}"' in line]

    def _told(self) -> list[int]:
        return [self.tells(event) for event in self._begins_with]

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def end(self) -> int:
        """In order; its exit code."""
        self._process.terminate()
        return self._process.wait(END_SECONDS)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Returns when it does nothing any more, until `go_on`."""
        os.kill(self.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, self.pid, os.WSTOPPED)

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)
