"""The profile as text: per process what it costs, by thread, library and function."""

from collections import Counter
from typing import Iterator, Mapping

from .stacks import NOWHERE, Stack

Shares = Counter[str]


def lines(counts: Mapping[Stack, int], seconds: float, samples_per_second: int, top: int) -> Iterator[str]:
    total = sum(counts.values())
    by_process = Counter[str]()
    for stack, count in counts.items():
        by_process[stack.process] += count
    for process, samples in by_process.most_common():
        own = {stack: count for stack, count in counts.items() if stack.process == process}
        cores = samples / samples_per_second / seconds
        whole = sum(count for stack, count in own.items() if stack.is_whole)
        yield (f"== {process}: {cores * 100:.0f} % of a core, {samples / total * 100:.0f} % of what was recorded "
               f"({samples} samples, {whole / samples * 100:.0f} % with the whole stack)")
        yield "threads:   " + _in_a_row(by_thread(own), samples)
        yield "libraries: " + _in_a_row(by_library(own), samples)
        yield from _table("self", self_shares(own), samples, top)
        yield from _table("inclusive", inclusive_shares(own), samples, top)
        yield ""


def by_thread(counts: Mapping[Stack, int]) -> Shares:
    return _sum((stack.thread, count) for stack, count in counts.items())


def by_library(counts: Mapping[Stack, int]) -> Shares:
    """By the library of the innermost frame: where the processor was."""
    return _sum((stack.frames[-1].library if stack.frames else NOWHERE, count) for stack, count in counts.items())


def self_shares(counts: Mapping[Stack, int]) -> Shares:
    return _sum((stack.frames[-1].function if stack.frames else NOWHERE, count) for stack, count in counts.items())


def inclusive_shares(counts: Mapping[Stack, int]) -> Shares:
    """A function that calls itself counts once."""
    return _sum((function, count) for stack, count in counts.items()
                for function in {frame.function for frame in stack.frames})


def _sum(pairs) -> Shares:
    shares = Counter[str]()
    for name, count in pairs:
        shares[name] += count
    return shares


def _in_a_row(shares: Shares, of: int) -> str:
    return ", ".join(f"{name} {count / of * 100:.0f} %" for name, count in shares.most_common(10))


def _table(title: str, shares: Shares, of: int, top: int) -> Iterator[str]:
    yield f"{title}:"
    for name, count in shares.most_common(top):
        yield f"  {count / of * 100:5.1f} %  {name}"
