"""A second process of a program that a stack runs."""

import contextlib
import os
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import Sequence

from client import call
from stack import PROGRAMS, Stack, eventually, process_of
from supervisor import ports

END_SECONDS = 30


class Twin:
    """With the settings of the stack's own and some instead, on one address for good: a free one, if none is given.

    `begins_with` are the events that its log tells when it has begun; it may not be ready yet.
    """

    def __init__(self, stack: Stack, name: str, begins_with: Sequence[str] = ("listening",), **settings: str):
        chosen = ports.choose(("own", "admin"), {})
        self.address, self._admin = (f"{ports.HOST}:{chosen[port]}" for port in ("own", "admin"))
        self._program = PROGRAMS / f"tidemark-{name}"
        self._env = stack.settings(name)
        self._env |= {"TIDEMARK_ADDRESS": self.address, "TIDEMARK_ADMIN_ADDRESS": self._admin}
        self.set(**settings)
        self.address = settings.get("address", self.address)
        self._begins_with = begins_with
        self._folder = Path(tempfile.mkdtemp(prefix=f"twin-{name}-", dir=stack.data))
        self._log = self._folder / "log"
        self._log.touch()
        self.start()

    def set(self, **settings: str) -> None:
        """What it is told when it starts next."""
        self._env |= {f"TIDEMARK_{key.upper()}": value for key, value in settings.items()}

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
        return self.lines_with(f'"event":"{event}"')

    def lines_with(self, part: str) -> list[str]:
        return [line for line in self._log.read_text().splitlines() if part in line]

    def _told(self) -> list[int]:
        return [self.tells(event) for event in self._begins_with]

    @property
    def pid(self) -> int:
        return process_of(self._process.pid)

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def end(self) -> int:
        """In order; its exit code."""
        self._process.terminate()
        return self._process.wait(END_SECONDS)

    def kill(self) -> None:
        if self.runs:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Returns when it does nothing any more, until `go_on`."""
        os.kill(self.pid, signal.SIGSTOP)
        eventually(f"{self._program.name} is stopped", self._is_stopped)

    def _is_stopped(self) -> bool:
        """All its threads are."""
        stats = [stat.read_text() for stat in Path(f"/proc/{self.pid}/task").glob("*/stat")]
        return all(stat.rpartition(")")[2].split()[0] == "T" for stat in stats)

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)
