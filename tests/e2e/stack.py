"""A whole Tidemark, started as a person starts it: ./run --detach."""

import atexit
import os
import signal
import subprocess
import tempfile
import time
import urllib.parse
from pathlib import Path
from typing import Any, Callable

from client import Answer, User, call

ROOT = Path(__file__).resolve().parents[2]
STORES = ("postgres", "redis")
PROCESSES = ("gateway", "sync", "auth", "ratelimit", *STORES)
DEADLINE_SECONDS = 60
DAY_SECONDS = 24 * 60 * 60
# More than any test takes that goes by the counts of a day.
DAY_LEFT_SECONDS = 180
BUILT = ROOT / "build" / os.environ.get("TIDEMARK_PRESET", "release") / "bin"
# Programs in place of those that were built: tools/images names such, each of which runs its process in a container.
GIVEN = Path(os.environ["TIDEMARK_PROGRAMS"]) if "TIDEMARK_PROGRAMS" in os.environ else None
PROGRAMS = GIVEN or BUILT

_folder = os.environ.get("TIDEMARK_E2E_DIR")
_shared: dict[str, "Stack"] = {}


def eventually(what: str, holds: Callable[[], Any], seconds: float = DEADLINE_SECONDS) -> Any:
    """The first true value of `holds`, asked again and again until the deadline."""
    deadline = time.monotonic() + seconds
    while True:
        if value := holds():
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.02)


def await_day_with_room() -> None:
    """For tests of what begins anew at midnight UTC: shortly before, the new day is waited for."""
    eventually("a day with room", lambda: DAY_SECONDS - time.time() % DAY_SECONDS > DAY_LEFT_SECONDS,
               DAY_LEFT_SECONDS + DEADLINE_SECONDS)


def scratch(what: str) -> Path:
    """A new folder that goes with the run's own."""
    return Path(tempfile.mkdtemp(prefix=f"tidemark-{what}-", dir=_folder))


def process_of(pid: int) -> int:
    """The process itself, where that of `pid` only keeps its container (deploy/docker/program)."""
    if GIVEN is None:
        return pid
    told = GIVEN / f"{pid}.pid"
    return int(eventually(f"process {pid} has a container", lambda: told.exists() and told.read_text()))


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "run", *arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL)


class Stack:
    # All of this run.
    started: list["Stack"] = []

    def __init__(self, name: str, profile: str = "dev", limits: Path | None = None):
        self._limits = ("--limits", limits) if limits else ("--profile", profile)
        self.data = Path(_folder or scratch("e2e")) / name
        self.data.parent.chmod(0o755)  # the user postgres must get in
        atexit.register(self.stop)

    @staticmethod
    def shared(profile: str = "dev") -> "Stack":
        """One for all tests that leave it as they found it."""
        if profile not in _shared:
            _shared[profile] = Stack(f"shared-{profile}", profile)
            _shared[profile].start()
        return _shared[profile]

    def start(self) -> None:
        Stack.started.append(self)
        done = run("--detach", "--port", "0", "--data", self.data, *self._limits)
        assert done.returncode == 0, done.stdout + done.stderr

    def stop(self) -> None:
        if self.data.exists():
            run("--stop", "--data", self.data)

    def env(self) -> dict[str, str]:
        lines = (self.data / "env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    @property
    def url(self) -> str:
        return self.env()["TIDEMARK_URL"]

    @property
    def owner_url(self) -> str:
        """PostgreSQL as the owner: what DIR/env does not tell."""
        served = urllib.parse.urlparse(self.env()["TIDEMARK_POSTGRES_URL"])
        owner = f"tidemark_owner:{self.secret('postgres_owner_password')}@{served.hostname}:{served.port}"
        return served._replace(netloc=owner).geturl()

    def secret(self, name: str) -> str:
        return dict(line.split("=", 1) for line in (self.data / "secrets").read_text().splitlines())[name]

    def user(self) -> User:
        return User(self.url)

    def call(self, *arguments: Any, **more: Any) -> Answer:
        return call(self.url, *arguments, **more)

    def admin(self, process: str, path: str) -> Answer:
        return call(f"http://{self.env()[f'TIDEMARK_{process.upper()}_ADMIN']}", "GET", path, described=False)

    def address(self, service: str) -> tuple[str, int]:
        url = urllib.parse.urlparse(f"//{self.env()[f'TIDEMARK_{service.upper()}_ADDRESS']}")
        return url.hostname, url.port

    def pid(self, process: str) -> int:
        return self.kept_pid(process) if process in STORES else process_of(self.kept_pid(process))

    def kept_pid(self, process: str) -> int:
        """As the supervisor knows it: for a process in a container, of what keeps that."""
        return int(self.env()[f"TIDEMARK_{process.upper()}_PID"])

    def pids(self) -> dict[str, int]:
        return {process: self.pid(process) for process in PROCESSES}

    def settings(self, process: str) -> dict[str, str]:
        """Its environment, as the supervisor gave it."""
        text = Path(f"/proc/{self.kept_pid(process)}/environ").read_text()
        return dict(line.split("=", 1) for line in text.split("\0") if line)

    def send_signal(self, process: str, number: signal.Signals) -> int:
        pid = self.pid(process)
        os.kill(pid, number)
        return pid

    def end_and_await_another(self, process: str, number: signal.Signals) -> None:
        """Returns when another process has taken its place; it need not be ready."""
        old = self.kept_pid(process)
        self.send_signal(process, number)
        eventually(f"another {process}", lambda: self.kept_pid(process) != old)

    def supervisor_log(self) -> str:
        return (self.data / "logs" / "supervisor.log").read_text()
