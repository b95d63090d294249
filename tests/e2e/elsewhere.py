"""A Tidemark on a database of its own in a stack's PostgreSQL: it may be lost, and another take its name."""

import os
import subprocess
import urllib.parse
from pathlib import Path

from stack import PROGRAMS, Stack
from supervisor import postgres
from twin import Twin

SERVICES = ("sync", "auth")


class Elsewhere:
    """Empty at first. `start` and `end` are of sync, auth and a gateway, whose addresses stay."""

    def __init__(self, stack: Stack, name: str):
        self.stack, self.name = stack, name
        self.owner_url = urllib.parse.urlparse(stack.owner_url)._replace(path=f"/{name}").geturl()
        self._twins: list[Twin] = []
        self.make_anew()

    def make_anew(self) -> None:
        """Whatever was in it is gone."""
        self.as_superuser(f"""
            DROP DATABASE IF EXISTS {self.name} WITH (FORCE);
            CREATE DATABASE {self.name} OWNER {postgres.OWNER};
            """)

    def as_superuser(self, text: str) -> None:
        """In no database of Tidemark's."""
        served = urllib.parse.urlparse(self.stack.owner_url)
        address, password = postgres.Address(served.hostname, served.port), self.stack.secret("postgres_superuser_password")
        postgres.psql(address, password, text, self.stack.data / "elsewhere.log")

    @property
    def url(self) -> str:
        return f"http://{self._gateway.address}"

    @property
    def server(self) -> str:
        """As native clients are told it."""
        return f"{self._sync.address},{self._auth.address}"

    def env(self) -> dict[str, str]:
        """What an operator's tools are told."""
        return os.environ | {"TIDEMARK_POSTGRES_OWNER_URL": self.owner_url}

    def migrate(self) -> None:
        for name in SERVICES:
            self.run_program(PROGRAMS / f"tidemark-{name}", "--migrate")

    def sql(self, text: str) -> str:
        return self.run_program(postgres.BIN / "psql", "-XAtq", self.owner_url, "-c", text).strip()

    def run_program(self, *argv: str | Path) -> str:
        done = self.try_program(*argv)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def try_program(self, *argv: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(argv, env=self.env(), capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def start(self) -> None:
        if self._twins:
            for twin in self._twins:
                twin.start()
        else:
            self._begin()
        for twin in self._twins:
            twin.await_ready()

    def _begin(self) -> None:
        served = urllib.parse.urlparse(self.stack.env()["TIDEMARK_POSTGRES_URL"])._replace(path=f"/{self.name}").geturl()
        self._auth = Twin(self.stack, "auth", postgres_url=served)
        self._sync = Twin(self.stack, "sync", postgres_url=served, auth_address=self._auth.address)
        self._gateway = Twin(self.stack, "gateway", sync_address=self._sync.address, auth_address=self._auth.address)
        self._twins = [self._auth, self._sync, self._gateway]

    def end(self) -> None:
        for twin in self._twins:
            twin.end()

    def close(self) -> None:
        for twin in self._twins:
            twin.kill()
