"""A private Tidemark to measure: started as a person starts it, PostgreSQL syncing to disk, with seeded users."""

import re
import shutil
import subprocess
import tempfile
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Self

import building
from supervisor import postgres
from supervisor.data_dir import parse_env

from . import generators

SERVICES = ("gateway", "sync", "auth", "ratelimit")
PROCESSES = (*SERVICES, "postgres", "redis")


@dataclass(frozen=True)
class Seed:
    users: int
    tasks: int
    file: Path


class BenchStack:
    """Lives as long as the `with` around it."""

    def __init__(self, binaries: Path, say: Callable[[str], None]):
        self.binaries = binaries
        self._say = say
        # On a disk, and where the user postgres gets in.
        self.folder = Path(tempfile.mkdtemp(prefix="tidemark-bench-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self._data = self.folder / "data"

    def __enter__(self) -> Self:
        try:
            self._run("--detach", "--port", "0", "--profile", "dev")
        except BaseException:
            self.__exit__()
            raise
        self.env = parse_env((self._data / "env").read_text())
        self.pids = {name: int(self.env[f"TIDEMARK_{name.upper()}_PID"]) for name in PROCESSES}
        return self

    def __exit__(self, *_: object) -> None:
        self._run("--stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *arguments: str) -> None:
        generators.run([building.ROOT / "run", *arguments, "--data", self._data], env=building.env())

    def service_pids(self) -> dict[str, int]:
        return {name: self.pids[name] for name in SERVICES}

    def address(self, store: str) -> tuple[str, int]:
        url = urllib.parse.urlparse(self.env[f"TIDEMARK_{store.upper()}_URL"])
        return url.hostname, url.port

    def seed(self, name: str, users: int, tasks: int) -> Seed:
        """Users beside those that there are; whom they are is in the file `name`."""
        seed = Seed(users, tasks, self.folder / f"users-{name}")
        self._say(f"Seeding {users:,} users with {tasks:,} tasks each…")
        generators.run([self.binaries / "tidemark-seed", "--postgres-owner-url",
                        self.env["TIDEMARK_POSTGRES_OWNER_URL"], "--redis-url", self.env["TIDEMARK_REDIS_URL"],
                        "--users", str(users), "--tasks", str(tasks), "--users-file", seed.file],
                       env=building.env() | {"TIDEMARK_MASTER_KEY": self._secret("master_key")})
        return seed

    def sql(self, script: str) -> str:
        """As the superuser; what it printed, bare."""
        host, port = self.address("postgres")
        done = subprocess.run(
            [postgres.BIN / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", host, "-p", str(port),
             "-U", postgres.SUPERUSER, "-d", postgres.DATABASE],
            env=postgres.ENV | {"PGPASSWORD": self._secret("postgres_superuser_password")}, input=script,
            capture_output=True, text=True)
        if done.returncode != 0:
            raise generators.Failed(f"psql exited with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def database_bytes(self) -> int:
        return int(self.sql("select pg_database_size(current_database())"))

    def redis_bytes(self) -> int:
        host, port = self.address("redis")
        told = generators.run(["redis-cli", "-h", host, "-p", str(port), "info", "memory"])
        return int(re.search(r"^used_memory:(\d+)", told, re.M)[1])

    def _secret(self, name: str) -> str:
        return parse_env((self._data / "secrets").read_text())[name]

    def program_env(self, name: str) -> dict[str, str]:
        """What the supervisor started the process with."""
        text = Path(f"/proc/{self.pids[name]}/environ").read_bytes().decode()
        return dict(pair.split("=", 1) for pair in text.split("\0") if pair)


