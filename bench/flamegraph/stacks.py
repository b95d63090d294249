"""Sampled stacks: what a thread of a process was doing each time the clock ticked while it ran."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import PurePath
from typing import Iterable, Iterator, Mapping

from . import names

KERNEL, PROGRAM, NOWHERE = "kernel", "program", "?"
# Below every stack of a thread, and of no interest: the thread's name stands there instead.
THREAD_STARTS = frozenset(("clone3", "__clone", "start_thread", "_start", "__libc_start_main@@GLIBC_2.34",
                           "__libc_start_call_main", "ret_from_fork_asm"))


@dataclass(frozen=True)
class Frame:
    function: str
    # "kernel", "program" or a library's name.
    library: str


@dataclass(frozen=True)
class Stack:
    process: str
    thread: str
    # The outermost caller first.
    frames: tuple[Frame, ...]
    # Whether the unwinder found its way down to the thread's start.
    is_whole: bool


def parse(lines: Iterable[str], process_of: Mapping[int, str]) -> Counter[Stack]:
    """Counts the stacks that `perf script -F comm,pid,tid,ip,sym,dso` prints: a line with the thread, its frames from
    the innermost out, an empty line. A process that was not asked for by its pid goes by its thread's name."""
    counts: Counter[Stack] = Counter()
    for header, frames in _blocks(lines):
        if thread := re.match(r"(.*\S)\s+(\d+)/\d+\s*$", header):
            process = process_of.get(int(thread[2]), thread[1])
            counts[_stack(process, thread[1], [found for line in frames if (found := _frame(line))])] += 1
    return counts


def _blocks(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    header, frames = "", []
    for line in lines:
        if line.startswith((" ", "\t")) and header:
            frames.append(line.strip())
        elif line.strip():
            header = line.strip()
        elif header:
            yield header, frames
            header, frames = "", []
    if header:
        yield header, frames


def _frame(line: str) -> tuple[str, str] | None:
    """Symbol and object; an address that belongs to nothing is the unwinder gone astray."""
    found = re.match(r"[0-9a-f]+ (.+?) \(([/\[].*)\)$", line)
    return (found[1], found[2]) if found and found[2] != "[unknown]" else None


def _stack(process: str, thread: str, found: list[tuple[str, str]]) -> Stack:
    frames: list[Frame] = []
    for symbol, path in reversed(found):
        frame = _named(symbol, _library(path))
        is_more_of_the_same = frame.function.startswith("[") and frames and frames[-1] == frame
        if symbol not in THREAD_STARTS and not is_more_of_the_same:
            frames.append(frame)
    is_whole = bool(found) and found[-1][0] in THREAD_STARTS
    return Stack(process, thread, tuple(frames), is_whole)


def _library(path: str) -> str:
    """`libgrpc` of /usr/lib/libgrpc.so.29.0.0. A program's path tells nothing that its process' name does not."""
    if path.startswith("[kernel"):
        return KERNEL
    name = PurePath(path.removesuffix(" (deleted)")).name
    return name.partition(".so")[0] if ".so" in name else PROGRAM


def _named(symbol: str, library: str) -> Frame:
    return Frame(f"[{library}]" if symbol == "[unknown]" else names.short(symbol), library)
