"""A private PostgreSQL on loopback, owned by one data directory.

PostgreSQL refuses to run as root, so for root it runs as the user `postgres`, who must be able to reach its
folder. Where it cannot (a data directory under /root), the data goes to a folder of its own under
/var/lib/postgresql, and DIR/postgres is a link to it.
"""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Sequence

from . import leftovers
from .keeper import Program, StartFailed

BIN = Path("/usr/lib/postgresql/15/bin")
SYSTEM_USER = "postgres"
SUPERUSER = "postgres"
DATABASE = "tidemark"
OWNER, SERVICE = "tidemark_owner", "tidemark_service"
PROGRAMS = ("postgres",)
ENV = {"PATH": f"{BIN}:/usr/bin:/bin", "LANG": "C.UTF-8"}
# PostgreSQL's own default is 128 whatever the machine has; a quarter of the memory is the usual advice for a machine
# that is the database's alone, which this one is not.
SHARED_BUFFERS_SHARE, SHARED_BUFFERS_MB_MAX = 1 / 8, 1024


@dataclass(frozen=True)
class Address:
    host: str
    port: int

    def url(self, role: str, password: str, database: str = DATABASE) -> str:
        return f"postgresql://{role}:{password}@{self.host}:{self.port}/{database}"


def system_user() -> str | None:
    """Whom PostgreSQL runs as; None: as we do."""
    return SYSTEM_USER if os.geteuid() == 0 else None


def as_system_user(argv: Sequence[str]) -> list[str]:
    user = system_user()
    switch = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--"] if user else []
    return [*switch, *argv]


def ensure_cluster(folder: Path, superuser_password: str, log: Path, say: Callable[[str], None],
                   auth: str = "scram-sha-256") -> None:
    """Makes the cluster at `folder` unless it is there. Interrupted at any point, it starts over the next time."""
    if folder.exists():
        return
    if folder.is_symlink():
        raise StartFailed(f"{folder} points to {os.readlink(folder)}, which is gone")
    beside = folder.with_name(folder.name + ".new")
    if _system_user_reaches(folder.parent):
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(mode=0o700)
        _initdb(beside, superuser_password, auth, log)
        beside.rename(folder)
        return
    elsewhere = Path(tempfile.mkdtemp(prefix="tidemark-", dir=pwd.getpwnam(SYSTEM_USER).pw_dir))
    say(f"The user {SYSTEM_USER} cannot reach {folder.parent}: the database's files are in {elsewhere}.")
    _initdb(elsewhere, superuser_password, auth, log)
    folder.symlink_to(elsewhere)


def _system_user_reaches(folder: Path) -> bool:
    return subprocess.run(as_system_user(["test", "-x", str(folder)]), env=ENV).returncode == 0


def _initdb(folder: Path, superuser_password: str, auth: str, log: Path) -> None:
    with tempfile.NamedTemporaryFile("w") as password_file:
        password_file.write(superuser_password + "\n")
        password_file.flush()
        if user := system_user():
            shutil.chown(folder, user, user)
            shutil.chown(password_file.name, user)
        argv = as_system_user([
            str(BIN / "initdb"), "--pgdata", str(folder), "--username", SUPERUSER,
            "--pwfile", password_file.name, "--auth", auth,
            "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums"])
        run_logged(argv, log, env=ENV, cwd="/")


def program(folder: Path, address: Address, options: Sequence[str] = ()) -> Program:
    """`options` as in postgresql.conf: "fsync=off"."""
    data = folder.resolve()
    all_options = [f"listen_addresses={address.host}", f"port={address.port}", "unix_socket_directories=",
                   "max_connections=200", f"shared_buffers={shared_buffers_mb()}MB", "log_line_prefix=%m [%p] %u ",
                   # A failed statement holds what people wrote, and DETAIL quotes rows: neither is for a log.
                   "log_min_error_statement=panic", "log_error_verbosity=terse", *options]
    return Program(
        name="postgres",
        argv=[str(BIN / "postgres"), "-D", str(data), *(word for option in all_options for word in ("-c", option))],
        cwd=data,
        env=ENV,
        user=system_user(),
        is_ready=lambda: is_ready(address),
        # "Fast": ends sessions and writes a checkpoint.
        stop_signal=signal.SIGINT,
        stop_grace=60.0,
        prepare=lambda: _clear_the_dead(data))


def shared_buffers_mb() -> int:
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return min(SHARED_BUFFERS_MB_MAX, int(memory_mb * SHARED_BUFFERS_SHARE))


def _clear_the_dead(data: Path) -> None:
    """After a killed postmaster its backends may live on, and a new one refuses to start beside them.

    To kill them is as safe as the crash that has already happened: recovery replays the log. And because we
    hold the data directory's lock and nothing runs in it any more, its pid file is stale, whoever may bear
    that pid today.
    """
    leftovers.end(data, PROGRAMS)
    (data / "postmaster.pid").unlink(missing_ok=True)


async def is_ready(address: Address) -> bool:
    asking = await asyncio.create_subprocess_exec(
        str(BIN / "pg_isready"), "-q", "-h", address.host, "-p", str(address.port), env=ENV)
    return await asking.wait() == 0


def ensure_roles(address: Address, superuser_password: str, owner_password: str, service_password: str,
                 log: Path) -> None:
    """The owner (migrates), the serving role (bound by row-level security) and the database."""
    psql(address, superuser_password, f"""
        SELECT format('CREATE ROLE %I', role) FROM unnest(ARRAY['{OWNER}', '{SERVICE}']) AS role
         WHERE role NOT IN (SELECT rolname FROM pg_roles) \\gexec
        ALTER ROLE {OWNER} LOGIN PASSWORD '{owner_password}';
        ALTER ROLE {SERVICE} LOGIN NOBYPASSRLS PASSWORD '{service_password}';
        SELECT 'CREATE DATABASE {DATABASE} OWNER {OWNER}'
         WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec
        REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC;
        GRANT CONNECT ON DATABASE {DATABASE} TO {SERVICE};
        """, log)


def psql(address: Address, superuser_password: str, script: str, log: Path) -> None:
    run_logged(
        [str(BIN / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", address.host, "-p", str(address.port),
         "-U", SUPERUSER, "-d", "postgres"],
        log, env=ENV | {"PGPASSWORD": superuser_password}, text=script)


def run_logged(argv: Sequence[str], log: Path, env: dict[str, str], cwd: str | None = None, text: str = "") -> None:
    """Runs to its end; StartFailed with what it said otherwise."""
    done = subprocess.run(argv, env=env, cwd=cwd, input=text, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    with open(log, "a") as file:
        file.write(done.stdout)
    if done.returncode != 0:
        raise StartFailed(f"{Path(argv[0]).name} exited with {done.returncode}:\n{done.stdout.strip()[-2000:]}")
