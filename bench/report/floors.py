"""The bare parts: nginx, gRPC, Redis and PostgreSQL, asked for what Tidemark asks of them."""

import functools
from pathlib import Path
from typing import Callable, Iterable, Mapping, Sequence

import building
from supervisor import postgres

from . import floor_sources, generators
from .bench_stack import BenchStack, Seed
from .floor_servers import FloorServers
from .generators import run
from .rounds import Measurement
from .samples import Outcome

ETAG = '"100-1735689800000-340"'
# Stands in for a cursor that has seen everything.
NEVER = 1 << 60
BUCKET_SOURCE = building.ROOT / "services" / "ratelimit" / "storage" / "redis_store.cc"
# As the policy `check` of the profile dev.
BUCKET_ARGUMENTS = ("bucket", "100000", "10", "1", "")
REDIS_KEYS = 30_000
PIPELINE = 16


def _floor(name: str, ask: Callable[[], Outcome], pids: Mapping[str, int],
           begin: Callable[[], Outcome] | None = None) -> Measurement:
    return Measurement(name, ask, pids, begin, is_floor=True)


def call_floors(stack: BenchStack, servers: FloorServers, seconds: int) -> Iterable[Measurement]:
    def nginx() -> Outcome:
        return generators.from_wrk(run(["wrk", "-t1", "-c64", f"-d{seconds}s", "--latency", "-H",
                                        f"If-None-Match: {ETAG}", f"http://{servers.addresses['nginx']}/sync/check"]))

    def echo(server: str) -> Callable[[], Outcome]:
        return lambda: generators.from_load(run([
            stack.binaries / "tidemark-echo-load", "--address", servers.addresses[server], "--connections", "64",
            "--seconds", str(seconds)]))

    yield _floor("nginx 304", nginx, servers.pids("nginx"))
    yield _floor("gRPC echo", echo("echo"), servers.pids("echo"))
    yield _floor("gRPC echo, two hops", echo("forwarder"), servers.pids("echo", "forwarder"))


def redis_floors(stack: BenchStack, seconds: int) -> Iterable[Measurement]:
    host, port = stack.address("redis")
    to = ["-h", host, "-p", str(port)]
    # Gone within the hour.
    run(["redis-benchmark", *to, "-r", str(REDIS_KEYS), "-n", str(REDIS_KEYS), "-P", str(PIPELINE), "-q",
         "set", "floor:__rand_int__", "100-1735689800000-340", "EX", "3600"])
    digest = run(["redis-cli", *to, "script", "load", floor_sources.bucket_script(BUCKET_SOURCE.read_text())]).strip()
    get = ["get", "floor:__rand_int__"]
    bucket = ["evalsha", digest, "1", "bucket:floor:__rand_int__", *BUCKET_ARGUMENTS]

    def ask(command: Sequence[str], pipeline: int, per_second: int) -> Outcome:
        requests = per_second * seconds
        return generators.from_redis_benchmark(run([
            "redis-benchmark", *to, "-c", "64", "-r", str(REDIS_KEYS), "-n", str(requests), "-P", str(pipeline),
            "--csv", *command]), requests)

    # redis-benchmark counts requests, not time: about what a Redis does in a second.
    for name, command, pipeline, per_second in (
            ("Redis GET", get, 1, 60_000), ("Redis GET, pipelined", get, PIPELINE, 500_000),
            ("Redis bucket script", bucket, 1, 40_000), ("Redis bucket script, pipelined", bucket, PIPELINE, 100_000)):
        yield _floor(name, functools.partial(ask, command, pipeline, per_second), {"redis": stack.pids["redis"]})


def sql_floors(stack: BenchStack, seed: Seed, seconds: int) -> Iterable[Measurement]:
    _make_picks(stack, seed)
    # As the owner: row-level security is Tidemark's own choice. Plans are made once, as Tidemark's are.
    url = stack.env["TIDEMARK_POSTGRES_OWNER_URL"]
    for name in floor_sources.SCRIPTS:
        script = floor_sources.sql_script(name)

        def ask(how_long: Sequence[str], script: Path = script) -> Outcome:
            return generators.from_pgbench(run([
                "env", "PGOPTIONS=-c plan_cache_mode=force_generic_plan",
                postgres.BIN / "pgbench", "-n", "-M", "prepared", "-c", "32", "-j", "1", *how_long,
                "-D", f"users={seed.users}", "-D", f"never={NEVER}", "-f", script, url]))

        # Each client connects, prepares and plans: the services do so once and for all.
        yield _floor(f"pgbench {name.replace('_', ' ')}", functools.partial(ask, ["-T", str(seconds)]),
                          {"postgres": stack.pids["postgres"]}, functools.partial(ask, ["-t", "10"]))


def _make_picks(stack: BenchStack, seed: Seed) -> None:
    """The users that pgbench writes, by number, and a task of each."""
    lines = seed.file.read_text().splitlines()[1:]
    rows = "\n".join(f"{number}\t{line.split(' ', 1)[0]}\ttask-1" for number, line in enumerate(lines, start=1))
    stack.sql(f"""
        create schema bench;
        create table bench.picks (n int primary key, user_id uuid, task_id text);
        copy bench.picks from stdin;
{rows}
\\.
        vacuum (analyze) bench.picks;
        grant usage on schema bench to {postgres.OWNER};
        grant select on bench.picks to {postgres.OWNER};
        """)
