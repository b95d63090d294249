"""The four processes of Tidemark: their settings, in the order in which they are started.

Settings travel as environment variables: a command line is readable by everybody on the machine.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping

from . import leftovers, probes
from .keeper import Program

NAMES = ("ratelimit", "auth", "sync", "gateway")
PROGRAMS = tuple(f"tidemark-{name}" for name in NAMES)

# What a person may set from outside for all processes; the rest of their environment is ours.
FROM_OUTSIDE = ("TIDEMARK_LOG_LEVEL", "TIDEMARK_EVENT_LOOPS", "TIDEMARK_POSTGRES_CONNECTIONS", "TIDEMARK_IMAGE_TAG", "TZ",
                "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS")


@dataclass(frozen=True)
class Wiring:
    """What the processes are told about each other."""
    binaries: Path
    web_dir: Path
    limits_file: Path
    # By name ("sync"): host:port.
    addresses: Mapping[str, str]
    admin_addresses: Mapping[str, str]
    postgres_url: str
    postgres_owner_url: str
    redis_url: str
    service_token: str
    master_key: str


def settings(name: str, wiring: Wiring) -> dict[str, str]:
    """Each process gets what it needs: the gateway knows no database, ratelimit no other service."""
    own = {"ADDRESS": wiring.addresses[name], "ADMIN_ADDRESS": wiring.admin_addresses[name],
           "SERVICE_TOKEN": wiring.service_token,
           # There is one of each, and nobody to hand over to.
           "HANDOVER": "0s"}
    stores = {"POSTGRES_URL": wiring.postgres_url, "REDIS_URL": wiring.redis_url}
    ratelimit = {"RATELIMIT_ADDRESS": wiring.addresses["ratelimit"]}
    auth = {"AUTH_ADDRESS": wiring.addresses["auth"]}
    limits = {"LIMITS_FILE": str(wiring.limits_file)}
    more = {
        "ratelimit": {"REDIS_URL": wiring.redis_url} | limits,
        "auth": {"POSTGRES_URL": wiring.postgres_url, "SYNC_ADDRESS": wiring.addresses["sync"],
                 "MASTER_KEY": wiring.master_key} | ratelimit | limits,
        "sync": stores | ratelimit | limits | auth,
        "gateway": {"SYNC_ADDRESS": wiring.addresses["sync"], "WEB_DIR": str(wiring.web_dir)} | auth,
    }[name]
    return {f"TIDEMARK_{key}": value for key, value in (own | more).items()}


def base_env() -> dict[str, str]:
    outside = {name: os.environ[name] for name in FROM_OUTSIDE if name in os.environ}
    return {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | outside


def binary(name: str, wiring: Wiring) -> Path:
    return wiring.binaries / f"tidemark-{name}"


def program(name: str, wiring: Wiring, folder: Path) -> Program:
    """`folder` is where the process works (and leaves a core file, if it must)."""
    host, port = wiring.admin_addresses[name].rsplit(":", 1)
    executable = binary(name, wiring)
    return Program(
        name=name,
        argv=[str(executable)],
        cwd=folder,
        env=base_env() | settings(name, wiring),
        is_ready=lambda: probes.http_is_200(host, int(port), "/readyz"),
        prepare=lambda: leftovers.end(folder, [executable.name]))


def migrate_command(name: str, wiring: Wiring) -> tuple[list[str], dict[str, str]]:
    """Argv and environment. The owner's address is known here alone; serving processes never see it."""
    env = base_env() | settings(name, wiring) | {"TIDEMARK_POSTGRES_OWNER_URL": wiring.postgres_owner_url}
    return [str(binary(name, wiring)), "--migrate"], env
