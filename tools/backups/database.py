"""PostgreSQL's own tools on the database of TIDEMARK_POSTGRES_OWNER_URL.

The address is taken from the environment, and the password passed on in it: a command line is readable by everybody on
the machine.
"""

import contextlib
import os
import subprocess
import tempfile
import urllib.parse
from pathlib import Path
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


def restore(url: str, file: Path, then: str) -> str:
    """What `pg_dump --format=custom` wrote, and the statement `then`, in one transaction. What `then` answered.

    It is committed by the last line of a script that pg_restore writes all but the end of: without it, psql ends, and with it
    the transaction.
    """
    address, secret = without_password(url)
    read = [postgres.BIN / "pg_restore", "--no-owner", "--file=-", file]
    write = [postgres.BIN / "psql", "-XAtq", "--no-password", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-f", "-", address]
    with (tempfile.TemporaryFile("w+") as complaints,
          subprocess.Popen(write, env=os.environ | secret, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                           stderr=complaints) as writer):
        _send(writer, "begin;\n")
        reader = subprocess.run(read, stdin=subprocess.DEVNULL, stdout=writer.stdin, stderr=complaints)
        if reader.returncode == 0:
            _send(writer, f"\\o\n{then}\ncommit;\n")
        answer, _ = writer.communicate()
        complaints.seek(0)
        if reader.returncode != 0 or writer.returncode != 0:
            raise Failed(f"{file} was not restored, and nothing was changed:\n{complaints.read().strip()}")
    return answer.strip()


def _send(writer: subprocess.Popen[str], text: str) -> None:
    """To one that may have ended; its exit code tells."""
    with contextlib.suppress(BrokenPipeError):
        writer.stdin.write(text)
        writer.stdin.flush()


def query(url: str, sql: str) -> list[str]:
    """The rows, bare."""
    return tool("psql", url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql).splitlines()
