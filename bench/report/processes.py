"""Processor time and memory of processes, from /proc."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterable, Mapping, TypeVar

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
MB = 1 << 20
Result = TypeVar("Result")


@dataclass(frozen=True)
class Stat:
    pid: int
    parent: int
    own_ticks: int
    # Of children that have ended.
    ended_ticks: int


def parse_stat(text: str) -> Stat:
    """/proc/PID/stat. A program's name may hold spaces and parentheses: what follows the last one counts."""
    fields = text[text.rindex(")") + 2:].split()
    numbers = [int(field) for field in fields[11:15]]
    return Stat(int(text.split(" ", 1)[0]), int(fields[1]), numbers[0] + numbers[1], numbers[2] + numbers[3])


def tree_seconds(pid: int, stats: Iterable[Stat]) -> float:
    """Of a process and its children, those included that have ended: PostgreSQL's backends, nginx' worker."""
    ticks = 0
    for stat in stats:
        if stat.pid == pid:
            ticks += stat.own_ticks + stat.ended_ticks
        elif stat.parent == pid:
            ticks += stat.own_ticks
    return ticks / TICKS_PER_SECOND


def cpu_seconds(pids: Mapping[str, int]) -> dict[str, float]:
    stats = list(_all_stats())
    return {name: tree_seconds(pid, stats) for name, pid in pids.items()}


def _all_stats() -> Iterable[Stat]:
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                yield parse_stat(Path(entry.path, "stat").read_text())
            except (FileNotFoundError, ProcessLookupError):
                continue  # ended meanwhile


def parse_kilobytes(text: str, field: str) -> int:
    """Bytes, from a line like `Pss:    123 kB`."""
    return int(text.split(f"{field}:", 1)[1].split(None, 1)[0]) * 1024


def pss(pid: int) -> int:
    return parse_kilobytes(Path(f"/proc/{pid}/smaps_rollup").read_text(), "Pss")


def anonymous_pss(pid: int) -> int:
    """Without what is a file's: how much of a library counts depends on who else has it open."""
    return parse_kilobytes(Path(f"/proc/{pid}/smaps_rollup").read_text(), "Pss_Anon")


def resident(pid: int) -> int:
    return _status(pid, "VmRSS")


def growth_of_peaks(pids: Mapping[str, int], work: Callable[[], Result]) -> tuple[dict[str, int], Result]:
    """How far each process' peak rose above what it held before."""
    before = {}
    for name, pid in pids.items():
        Path(f"/proc/{pid}/clear_refs").write_text("5")
        before[name] = resident(pid)
    result = work()
    return {name: _status(pid, "VmHWM") - before[name] for name, pid in pids.items()}, result


def _status(pid: int, field: str) -> int:
    return parse_kilobytes(Path(f"/proc/{pid}/status").read_text(), field)
