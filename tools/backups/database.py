"""PostgreSQL's own tools on the database of TIDEMARK_POSTGRES_OWNER_URL.

The address is taken from the environment, and the password passed on in it: a command line is readable by everybody on
the machine.
"""

import os
import subprocess
import urllib.parse
from typing import Mapping

from supervisor import postgres

from . import Failed

SETTING = "TIDEMARK_POSTGRES_OWNER_URL"
SCHEMAS = ("sync", "auth")


def owner_url(env: Mapping[str, str]) -> str:
    if not env.get(SETTING):
        raise Failed(f"{SETTING} is not set: the database, as the owner of the schemas.")
    return env[SETTING]


def without_password(url: str) -> tuple[str, dict[str, str]]:
    """An address for a command line, and what belongs into the environment beside it."""
    parts = urllib.parse.urlsplit(url)
    if parts.password is None:
        return url, {}
    credentials, _, server = parts.netloc.rpartition("@")
    user = credentials.partition(":")[0]
    return (urllib.parse.urlunsplit(parts._replace(netloc=f"{user}@{server}")),
            {"PGPASSWORD": urllib.parse.unquote(parts.password)})


def tool(name: str, url: str, *arguments: str) -> str:
    """What it printed."""
    address, secret = without_password(url)
    argv = [str(postgres.BIN / name), "--no-password", "--dbname", address, *arguments]
    done = subprocess.run(argv, env=os.environ | secret, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"{name} exited with {done.returncode}:\n{done.stderr.strip()}")
    return done.stdout


def query(url: str, sql: str) -> list[str]:
    """The rows, bare."""
    return tool("psql", url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql).splitlines()
