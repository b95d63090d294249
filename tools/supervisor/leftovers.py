"""Finds and ends processes that outlived the one that was to look after them.

A process belongs to a folder when it works in it (its cwd) and runs one of our programs: a person's shell in
the data directory is not ours to end.
"""

import os
import signal
import time
from pathlib import Path
from typing import Collection


def processes_in(folder: Path, programs: Collection[str]) -> list[int]:
    folder = folder.resolve()
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            cwd = Path(os.readlink(f"{entry.path}/cwd"))
            exe = Path(os.readlink(f"{entry.path}/exe"))
        except OSError:
            continue  # ended meanwhile, a zombie, or another user's
        # A program that was built anew while it ran shows as "… (deleted)".
        if exe.name.split(" ")[0] in programs and (cwd == folder or folder in cwd.parents):
            found.append(int(entry.name))
    return found


def end(folder: Path, programs: Collection[str], grace: float = 0.0) -> None:
    """Returns when none is left: those that do not go by themselves within `grace` seconds are killed."""
    deadline = time.monotonic() + grace
    while pids := processes_in(folder, programs):
        if time.monotonic() >= deadline:
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
        time.sleep(0.02)
