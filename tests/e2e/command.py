"""The command `tidemark` as a person runs it, on a device of its own; also on a terminal."""

import json
import os
import pty
import re
import select
import signal
import struct
import fcntl
import subprocess
import termios
import time
from typing import Any, Callable

import secrecy
from client import PASSWORD, User
from grpc_client import PROGRAM as STREAMS
from stack import Stack, scratch

PROGRAM = STREAMS.parent / "tidemark"
SECONDS = 60
NOWHERE = "127.0.0.1:1"


class Command:
    """One device: a TIDEMARK_HOME."""

    def __init__(self, stack: Stack, user: User | None = None):
        self.home = scratch("command")
        served = stack.env()
        self.server = served["TIDEMARK_SERVER"]
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(("TIDEMARK_", "NO_COLOR"))}
        self.env |= {"TIDEMARK_HOME": str(self.home), "TERM": "xterm"}
        if user:
            self.ok("login", user.email, "--password-stdin", "--server", self.server, stdin=PASSWORD + "\n")

    def run(self, *words: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([PROGRAM, *words], env=self.env | env, input=stdin, capture_output=True, text=True,
                              timeout=SECONDS)

    def ok(self, *words: str, stdin: str = "", **env: str) -> str:
        done = self.run(*words, stdin=stdin, **env)
        assert done.returncode == 0, (words[0], done)
        return done.stdout

    def json(self, *words: str, stdin: str = "", **env: str) -> Any:
        return json.loads(self.ok(*words, "--json", stdin=stdin, **env))

    def fails(self, code: int, *words: str, stdin: str = "", **env: str) -> str:
        done = self.run(*words, stdin=stdin, **env)
        assert done.returncode == code, (words, done)
        return done.stderr

    def add(self, text: str, *options: str, **env: str) -> str:
        """On a machine that is busy it may not be sent yet: whoever needs it elsewhere syncs."""
        secrecy.keep(text)
        return self.json("add", text, *options, **env)["tasks"][0]["id"]

    def contents(self, *options: str) -> list[str]:
        return [task["content"] for task in self.json("ls", *options)["tasks"]]

    def popen(self, *words: str, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen([PROGRAM, *words], env=self.env | env, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


class Terminal:
    """The command on a terminal of 80 columns, and what it writes there."""

    def __init__(self, command: Command, *words: str, columns: int = 80, program: str | None = None, **env: str):
        """`program`: another than the command, which it finds by its name."""
        path = f"{PROGRAM.parent}:{command.env['PATH']}"
        self.pid, self._end = pty.fork()
        if self.pid == 0:
            # Here, so that the program never sees another size.
            fcntl.ioctl(pty.STDIN_FILENO, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            os.execvpe(program or PROGRAM, [program or str(PROGRAM), *words], command.env | {"PATH": path} | env)
        self.seen = ""
        self._status: int | None = None
        self._echoed_last = True

    def _read(self) -> bool:
        """False: the other end is closed."""
        if not select.select([self._end], [], [], 0.05)[0]:
            return True
        try:
            more = os.read(self._end, 65_536)
        except OSError:
            return False
        self.seen += more.decode(errors="replace")
        return bool(more)

    def until(self, what: str | Callable[[str], Any]) -> str:
        holds = what if callable(what) else lambda seen: what in seen
        deadline = time.monotonic() + SECONDS
        while not holds(self.seen):
            assert self._read() or holds(self.seen), f"ended without {what!r}: {self.seen!r}"
            assert time.monotonic() < deadline, f"not seen: {what!r} in {self.seen!r}"
        return self.seen

    def type(self, text: str) -> None:
        os.write(self._end, text.encode())

    def echoes(self) -> bool:
        """Whether what is typed is shown; after the end: as the command left it."""
        return self._echoed_last if self._status is not None else bool(termios.tcgetattr(self._end)[3] & termios.ECHO)

    def end(self, number: signal.Signals | None = None) -> int:
        """The exit code; reads all there is."""
        if self._status is None:
            if number:
                os.kill(self.pid, number)
            deadline = time.monotonic() + SECONDS
            while self._read():
                assert time.monotonic() < deadline, f"it does not end: {self.seen!r}"
            self._echoed_last = self.echoes()
            os.close(self._end)
            self._status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self._status


def plain(text: str) -> str:
    """Without what colours it and moves about."""
    return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z])", "", text).replace("\r", "")
