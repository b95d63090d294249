"""Which ports the processes get: those of the last run while they are free, else new ones.

New ports lie below the range that the kernel takes for outgoing connections: otherwise, while a process is
down, a stranger's connection could sit on its port and it could not come back on the same address.
"""

import random
import socket
from pathlib import Path
from typing import Iterable, Mapping

HOST = "127.0.0.1"
LOWEST = 15_000


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: connections that linger in TIME_WAIT do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def choose(names: Iterable[str], last: Mapping[str, int]) -> dict[str, int]:
    """A free port for each name; none twice."""
    chosen: dict[str, int] = {}
    for name in names:
        port = last.get(name)
        if port is None or port in chosen.values() or not is_free(port):
            port = _fresh(set(chosen.values()) | set(last.values()))
        chosen[name] = port
    return chosen


def _fresh(taken: set[int]) -> int:
    candidates = [port for port in range(LOWEST, _outgoing_from()) if port not in taken]
    random.shuffle(candidates)
    for port in candidates:
        if is_free(port):
            return port
    raise RuntimeError(f"no free port between {LOWEST} and {_outgoing_from()}")


def _outgoing_from() -> int:
    return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
