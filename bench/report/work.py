"""Tidemark's work: who asks for it, and how."""

from dataclasses import dataclass
from typing import Iterable, Mapping, Sequence

from . import generators
from .bench_stack import BenchStack, Seed
from .generators import run
from .rounds import Measurement
from .samples import Outcome


@dataclass(frozen=True)
class Asking:
    """tidemark-load against one stack."""
    stack: BenchStack
    seed: Seed
    seconds: int

    def __call__(self, work: str, *options: str | int, transport: str = "http", connections: int = 64,
                 length: Sequence[str | int] | None = None) -> Outcome:
        return generators.from_load(run(self.command(work, *options, transport=transport, connections=connections,
                                                     length=length)))

    def command(self, work: str, *options: str | int, transport: str = "http", connections: int = 64,
                length: Sequence[str | int] | None = None) -> list[str]:
        env = self.stack.env
        to = {"http": ["--url", env["TIDEMARK_URL"]],
              "grpc": ["--sync", env["TIDEMARK_SYNC_ADDRESS"], "--auth", env["TIDEMARK_AUTH_ADDRESS"]]}[transport]
        how_long = ["--seconds", self.seconds] if length is None else length
        return [str(word) for word in (
            self.stack.binaries / "tidemark-load", work, "--transport", transport, *to, "--users-file",
            self.seed.file, "--connections", connections, *how_long, *options)]

    def measured(self, name: str, work: str, *options: str | int, transport: str = "http",
                 connections: int = 64) -> Measurement:
        return Measurement(name, lambda: self(work, *options, transport=transport, connections=connections),
                           self.stack.pids)


@dataclass(frozen=True)
class Seeds:
    # The users of W1 and W2.
    many: Seed
    # Written by pgbench alone.
    floors: Seed
    # Written while others check.
    pushers: Seed
    # A few users each, by how many tasks they have.
    sized: Mapping[int, Seed]


CHECKED_SIZES = (10, 1_000, 100_000)
PULLED_SIZES = (1_000, 10_000)
PULLERS = 16


def sized_users(large_users: int) -> dict[int, int]:
    """How many users have how many tasks."""
    return {tasks: large_users if tasks > max(PULLED_SIZES) else PULLERS for tasks in {*CHECKED_SIZES, *PULLED_SIZES}}


def checks(stack: BenchStack, seeds: Seeds, seconds: int) -> Iterable[Measurement]:
    many = Asking(stack, seeds.many, seconds)
    yield many.measured("check", "check")
    yield many.measured("check, gRPC", "check", transport="grpc")
    yield many.measured("stale check", "stale-check")
    yield many.measured("stale check, gRPC", "stale-check", transport="grpc")
    alike = min(seed.users for seed in seeds.sized.values())
    for tasks in CHECKED_SIZES:
        sized = Asking(stack, seeds.sized[tasks], seconds)
        for name in ("check", "stale-check"):
            yield sized.measured(f"{name}, {tasks:,} tasks", name, "--prefix", alike, connections=alike)


def syncs(stack: BenchStack, seeds: Seeds, seconds: int) -> Iterable[Measurement]:
    many = Asking(stack, seeds.many, seconds)
    yield many.measured("push + pull", "sync", connections=32)
    yield many.measured("push + pull, gRPC", "sync", transport="grpc", connections=32)
    yield many.measured("push of 1", "push", "--changes", 1, connections=32)
    yield many.measured("push of 100", "push", "--changes", 100, connections=32)
    for tasks in PULLED_SIZES:
        sized = Asking(stack, seeds.sized[tasks], seconds)
        yield sized.measured(f"first pull of {tasks:,}", "first-pull", connections=PULLERS)


def logins(stack: BenchStack, seeds: Seeds, seconds: int) -> Iterable[Measurement]:
    yield Asking(stack, seeds.many, seconds).measured("login", "login", connections=PULLERS)
