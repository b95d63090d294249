"""The order of a round: each work follows the floor that it is compared with, and what writes comes last."""

from .bench_stack import BenchStack
from .floor_servers import FloorServers
from .floors import call_floors, redis_floors, sql_floors
from .rounds import Measurement
from .work import Seeds, checks, logins, syncs


def of_a_round(stack: BenchStack, seeds: Seeds, servers: FloorServers, seconds: int) -> list[Measurement]:
    return [*call_floors(stack, servers, seconds), *checks(stack, seeds, seconds), *redis_floors(stack, seconds),
            *logins(stack, seeds, seconds), *sql_floors(stack, seeds.floors, seconds), *syncs(stack, seeds, seconds)]
