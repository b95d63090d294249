"""The log files of the processes: bounded in size, and quoted when something fails to start."""

import asyncio
import shutil
from pathlib import Path

SIZE_MAX = 16 * 1024 * 1024
CHECK_EVERY_SECONDS = 30


def rotate(log: Path, size_max: int = SIZE_MAX) -> None:
    """Moves what is in a full log to `….1`.

    The writer keeps its descriptor, opened to append, and goes on at the new end. Lines written between the
    copy and the truncation are lost: the price of having no process between a service and its log.
    """
    if log.exists() and log.stat().st_size > size_max:
        shutil.copyfile(log, log.with_name(log.name + ".1"))
        with open(log, "r+") as file:
            file.truncate(0)


async def keep_rotating(folder: Path) -> None:
    while True:
        for log in folder.glob("*.log"):
            rotate(log)
        await asyncio.sleep(CHECK_EVERY_SECONDS)


def tail(log: Path, lines: int = 15) -> str:
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
