"""A device that runs the C++ client library, in processes of their own: tidemark-probe."""

import json
import os
import queue
import signal
import subprocess
import threading
from typing import Any, Mapping

import secrecy
from client import PASSWORD, User
from grpc_client import PROGRAM as STREAMS
from stack import Stack, scratch

PROGRAM = STREAMS.parent / "tidemark-probe"
SECONDS = 60


class Probe:
    """One local store, and whoever opens it."""

    def __init__(self, stack: Stack, user: User | None = None, addresses: Mapping[str, str] = {}):
        self.folder = scratch("probe")
        self.store = self.folder / "tasks.db"
        served = stack.env()
        self.env = {name: served[name] for name in ("TIDEMARK_SYNC_ADDRESS", "TIDEMARK_AUTH_ADDRESS")}
        self.env |= {"TIDEMARK_PASSWORD": PASSWORD, **addresses}
        if user:
            self.one("login", user.email)

    def popen(self, *words: str, **more: str) -> subprocess.Popen[str]:
        for word in words:
            secrecy.keep(word)
        return subprocess.Popen([PROGRAM, self.store, *words], env=os.environ | self.env | more, text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def run(self, *words: str, **more: str) -> tuple[int, list[dict[str, Any]]]:
        """How it ended, and what each command said."""
        process = self.popen(*words, **more)
        said, _ = process.communicate(timeout=SECONDS)
        return process.returncode, [json.loads(line) for line in said.splitlines() if line.endswith("}")]

    def one(self, *words: str, **more: str) -> dict[str, Any]:
        """A command that has to go well."""
        _, said = self.run(*words, **more)
        assert len(said) == 1 and "error" not in said[0], (words[0], said)
        return said[0]

    def fails(self, *words: str, **more: str) -> dict[str, Any]:
        _, said = self.run(*words, **more)
        assert len(said) == 1 and "error" in said[0], (words[0], said)
        return said[0]

    def dies_at(self, step: int, *words: str, **more: str) -> tuple[bool, list[dict[str, Any]]]:
        code, said = self.run(*words, TIDEMARK_PROBE_DIE_AT=str(step), **more)
        assert code in (0, 1, -signal.SIGKILL), code
        return code == -signal.SIGKILL, said

    def contents(self) -> dict[str, tuple[str, bool]]:
        return contents_of(self.one("list")["tasks"])


class Watching:
    """`tidemark-probe watch` as it prints."""

    def __init__(self, probe: Probe):
        self._process = probe.popen("watch")
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        for line in self._process.stdout:
            self._said.put(json.loads(line))

    def until(self, what: str, holds) -> dict[str, Any]:
        """The first thing said for which `holds`."""
        while True:
            try:
                said = self._said.get(timeout=SECONDS)
            except queue.Empty:
                raise AssertionError(f"not said: {what}") from None
            if holds(said):
                return said

    def close(self) -> None:
        self._process.stdin.close()
        try:
            code = self._process.wait(SECONDS)
        finally:
            self._process.kill()
            self._reader.join()
            self._process.stdout.close()
        assert code == 0, code


def contents_of(tasks: list[dict[str, Any]]) -> dict[str, tuple[str, bool]]:
    return {task["id"]: (task["content"], task["completed"]) for task in tasks}


def exported(user: User) -> dict[str, tuple[str, bool]]:
    """What lives at the server."""
    tasks = user.call("GET", "/export").json["tasks"]
    return contents_of([task for task in tasks if not task["deleted_at"]])
