"""The data directory of one Tidemark: DIR/{env,secrets,ports,lock,logs,postgres,redis}."""

import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import IO, Mapping


def write_private(path: Path, text: str) -> None:
    """Replaces the file in one step, readable by its owner alone: it may hold passwords."""
    fresh = path.with_name(path.name + ".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.rename(fresh, path)


def format_env(values: Mapping[str, object]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


def parse_env(text: str) -> dict[str, str]:
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


class DataDir:
    """Paths and the small files of a data directory. Makes what is missing."""

    def __init__(self, path: Path):
        self.path = path.resolve()
        self.path.mkdir(parents=True, exist_ok=True)
        self.logs = self.path / "logs"
        self.logs.mkdir(exist_ok=True)
        self.logs.chmod(0o700)
        self.env_file = self.path / "env"
        self._lock: IO[str] | None = None

    def log(self, name: str) -> Path:
        return self.logs / f"{name}.log"

    # --- one supervisor at a time ---------------------------------------------------------------------------

    def lock(self) -> bool:
        """Takes the directory for this process until it ends, however it ends. False: another has it."""
        file = open(self.path / "lock", "a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._lock = file
        self.sign_lock()
        return True

    def unlock(self) -> None:
        self._lock.close()

    def sign_lock(self) -> None:
        """Names this process as the lock's holder; once more after a fork."""
        self._lock.truncate(0)
        self._lock.write(str(os.getpid()))
        self._lock.flush()

    def lock_holder(self) -> int | None:
        """The pid of the supervisor that runs here, or nothing."""
        try:
            with open(self.path / "lock") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                    return None
                except BlockingIOError:
                    return int(file.read() or 0) or None
        except FileNotFoundError:
            return None

    # --- what is kept between runs --------------------------------------------------------------------------

    def secret(self, name: str) -> str:
        """256 random bits in hex, made at the first call, the same ever after."""
        path = self.path / "secrets"
        known = parse_env(path.read_text()) if path.exists() else {}
        if name not in known:
            known[name] = secrets.token_hex(32)
            write_private(path, format_env(known))
        return known[name]

    def read_ports(self) -> dict[str, int]:
        try:
            return json.loads((self.path / "ports").read_text())
        except (FileNotFoundError, ValueError):
            return {}

    def write_ports(self, ports: Mapping[str, int]) -> None:
        write_private(self.path / "ports", json.dumps(ports, indent=2) + "\n")
