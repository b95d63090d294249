"""A backup is a file and `FILE.sha256`, in the form of sha256sum. FILE has its name once both are whole and on the disk."""

import hashlib
import os
from pathlib import Path
from typing import Callable

from . import Failed


def write(path: Path, fill: Callable[[Path], None]) -> None:
    """`fill` writes to the path that it is given. What fails or is interrupted leaves nothing with the name of a backup."""
    if path.exists():
        raise Failed(f"{path} is there already.")
    partial = path.with_name(path.name + ".partial")
    try:
        fill(partial)
        _flush(partial)
        _checksum(path).write_text(f"{_digest(partial)}  {path.name}\n")
        _flush(_checksum(path))
        partial.rename(path)
        _flush(path.parent)
    except BaseException:
        partial.unlink(missing_ok=True)
        _checksum(path).unlink(missing_ok=True)
        raise


def verify(path: Path) -> None:
    try:
        told = _checksum(path).read_text().split()[:1]
        found = _digest(path)
    except FileNotFoundError as missing:
        raise Failed(f"There is no file {missing.filename}.") from missing
    if told != [found]:
        raise Failed(f"{path} is not what was written: its checksum is not that of {_checksum(path).name}.")


def _checksum(path: Path) -> Path:
    return path.with_name(path.name + ".sha256")


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
