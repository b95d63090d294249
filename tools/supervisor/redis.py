"""A private Redis on loopback, its snapshot in the data directory."""

from pathlib import Path

from . import leftovers, probes
from .keeper import Program

PROGRAMS = ("redis-server", "redis-check-rdb")  # Debian's redis-server is a link to the latter


def program(folder: Path, host: str, port: int) -> Program:
    folder.mkdir(exist_ok=True)
    return Program(
        name="redis",
        argv=["/usr/bin/redis-server", "--bind", host, "--port", str(port), "--dir", str(folder),
              "--daemonize", "no", "--save", "900 1 60 1000"],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        is_ready=lambda: probes.redis_answers(host, port),
        prepare=lambda: leftovers.end(folder, PROGRAMS))


def url(host: str, port: int) -> str:
    return f"redis://{host}:{port}"
