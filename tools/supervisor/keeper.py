"""Keeps one process alive: starts it, waits until it is ready, starts it again whenever it dies, stops it."""

import asyncio
import signal
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Awaitable, Callable, Mapping, Sequence

from . import logs

READY_POLL_SECONDS = 0.05
# A process that lived this long is started again at once; one that dies sooner, with growing pauses.
STEADY_SECONDS = 10.0
PAUSE_FIRST, PAUSE_MAX = 0.1, 5.0


class StartFailed(Exception):
    """Its text is for the person at the terminal."""


@dataclass(frozen=True)
class Program:
    name: str
    argv: Sequence[str]
    cwd: Path
    is_ready: Callable[[], Awaitable[bool]]
    # The whole environment; nothing is inherited.
    env: Mapping[str, str] = field(default_factory=dict)
    # The user to run as; None: ours.
    user: str | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    # Seconds between stop_signal and SIGKILL.
    stop_grace: float = 15.0
    # Called before each start, also after a crash.
    prepare: Callable[[], None] = lambda: None

    def command(self) -> list[str]:
        # The kernel stops the process when the supervisor itself is killed.
        setpriv = ["setpriv", f"--pdeathsig={self.stop_signal.name.removeprefix('SIG')}"]
        if self.user:
            setpriv += [f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"]
        return [*setpriv, "--", *self.argv]


class Keeper:
    def __init__(self, program: Program, log: Path, say: Callable[[str], None], on_spawn: Callable[[], None]):
        self.program = program
        self._log = log
        self._say = say
        self._on_spawn = on_spawn
        self._process: asyncio.subprocess.Process | None = None
        self._keeping: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    async def start(self, deadline: float = 60.0) -> None:
        """Returns when the process is ready; from then on it is kept alive."""
        await self._spawn()
        exited = asyncio.create_task(self._process.wait())
        ready = asyncio.create_task(self._until_ready())
        try:
            await asyncio.wait({exited, ready}, timeout=deadline, return_when=asyncio.FIRST_COMPLETED)
            if exited.done():
                raise self._failure(how_it_ended(exited.result()))
            if not ready.done():
                raise self._failure(f"was not ready within {deadline:.0f} s")
        finally:
            exited.cancel()
            ready.cancel()
        self._keeping = asyncio.create_task(self._keep())

    async def keep(self) -> None:
        """Ends when the process was told to stop; raises if keeping it alive went wrong."""
        await asyncio.shield(self._keeping)

    async def stop(self) -> None:
        if self._process is None:
            return
        self._stopping.set()
        self._signal(self.program.stop_signal)
        gone = self._keeping or asyncio.create_task(self._process.wait())
        await asyncio.wait({gone}, timeout=self.program.stop_grace)
        if not gone.done():
            self._say(f"{self.program.name} does not stop; killing it")
            self._signal(signal.SIGKILL)
            await asyncio.wait({gone})

    def hurry(self) -> None:
        """For the impatient: no more grace."""
        if self._stopping.is_set():
            self._signal(signal.SIGKILL)

    async def _keep(self) -> None:
        pause = 0.0
        while True:
            started = time.monotonic()
            pid, code = self._process.pid, await self._process.wait()
            if self._stopping.is_set():
                return
            lived_long = time.monotonic() - started >= STEADY_SECONDS
            pause = 0.0 if lived_long else min(max(2 * pause, PAUSE_FIRST), PAUSE_MAX)
            self._say(f"{self.program.name} (pid {pid}) {how_it_ended(code)}; starting it again")
            if await self._stopped_within(pause):
                return
            await self._spawn()
            if self._stopping.is_set():
                self._signal(self.program.stop_signal)

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
            return True
        except TimeoutError:
            return False

    async def _spawn(self) -> None:
        program = self.program
        program.prepare()
        logs.rotate(self._log)
        with open(self._log, "ab") as log:
            # A session of its own: Ctrl-C in the terminal reaches the supervisor alone, which stops in order.
            self._process = await asyncio.create_subprocess_exec(
                *program.command(), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                env=dict(program.env), cwd=program.cwd, start_new_session=True)
        self._on_spawn()

    async def _until_ready(self) -> None:
        while not await self.program.is_ready():
            await asyncio.sleep(READY_POLL_SECONDS)

    def _signal(self, number: signal.Signals) -> None:
        try:
            self._process.send_signal(number)
        except ProcessLookupError:
            pass

    def _failure(self, what: str) -> StartFailed:
        quote = logs.tail(self._log)
        return StartFailed(f"{self.program.name} {what}. The end of {self._log}:\n{quote}")


def how_it_ended(code: int) -> str:
    """From a return code as Python gives it: negative for a signal."""
    return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"exited with {code}"
