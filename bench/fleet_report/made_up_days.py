"""Results as tidemark-fleet writes them, made up: of a small world in which each step does about what is documented."""

import json
from pathlib import Path
from typing import Any, Mapping

from .day import SERIES, Day
from .plan import DEVICES_PEOPLE, Run, whole

USERS = 1000
DEVICES_USERS = round(USERS * DEVICES_PEOPLE)
BUCKETS = 144


def result(scenario: str = "final", users: int = USERS, days: int = 1, devices: float = 1.0, syncs: float = 3.2,
           auth: int = 0, data_set_reads: int = 0, **counts: int) -> dict[str, Any]:
    """As the documents have it, apart from the counts that are given; of what services count, those of the sync service. `syncs`
    are a user's, a day; `auth` the requests of the auth service, each of which reads a statement and writes one."""
    all_syncs = round(users * days * syncs)
    edits = all_syncs // 20
    made: dict[str, int] = dict(
        requests=all_syncs, syncs=all_syncs, checks=all_syncs - edits, not_modified=all_syncs - edits, pushes=edits, pulls=0,
        database_reads=all_syncs // 5, database_writes=all_syncs // 10, cache_reads=all_syncs * 4 // 5, cache_writes=0,
        head_cache_hits=all_syncs * 4 // 5, head_cache_misses=0, answered_without_database=all_syncs * 4 // 5,
        bytes_sent=all_syncs * 100, bytes_received=all_syncs * 100, edits_made=edits, edits_stored=edits, edits_replaced=0,
        edits_lost=0, edits_rejected=0, edits_waiting_at_end=0, devices_out_of_step=0, conflicts=0, rate_limited=0, read_paused=0, quota_exhausted=0, deferred_pulls=0, errors=0)
    made |= counts
    by_service = {"sync": {name: made[name] for name in ("requests", "database_reads", "database_writes")},
                  "auth": {"requests": auth, "database_reads": auth, "database_writes": auth,
                           "bytes_sent": auth * 200, "bytes_received": auth * 400},
                  "data_set": {"database_reads": data_set_reads}, "purge": {"database_reads": 0, "database_writes": 0}}
    for name in ("requests", "database_reads", "database_writes"):
        made[name] = sum(service.get(name, 0) for service in by_service.values())
    active = users * 6 // 10
    return {"scenario": scenario, "seed": 1, "users": users, "days": days, "devices_per_user": devices,
            "settings": {"scenarios": {scenario: {"requests_per_user_on_first_day": 3}}}, "counts": made,
            "by_service": by_service, "idle_database_reads": 9_000 * days,
            "series": {"bucket_seconds": 600, **{name: _even(made.get(name, edits), days) for name in SERIES},
                       "queued_edits": [5] * (BUCKETS * days - 1) + [0]},
            "per_tier": {"active": {"users": active, "syncs": round(4 / 3.2 * syncs * active * days)},
                         "inactive": {"users": users - active, "syncs": round(2 / 3.2 * syncs * (users - active) * days)}},
            "real_seconds": 1.5}


def _even(count: int, days: int) -> list[float]:
    return [count / (BUCKETS * days)] * (BUCKETS * days)


def v1(scenario: str = "v1", users: int = USERS, **more: Any) -> dict[str, Any]:
    syncs = users * 15
    return result(scenario, users, syncs=15, **{"database_reads": syncs * 2 - syncs // 10, "database_writes": syncs // 10, "checks": 0,
                                         "pulls": syncs - syncs // 20, "not_modified": 0, "cache_reads": 0, "head_cache_hits": 0,
                                         "answered_without_database": 0, "bytes_received": syncs * 5 * 1024} | more)


SPECIAL: Mapping[str, dict[str, Any]] = {
    "v1": v1(),
    "etag": v1("etag", checks=USERS * 14, pulls=0, database_reads=USERS * 13),
    "hash_cache": v1("hash_cache", checks=USERS * 14, pulls=0, database_reads=USERS, answered_without_database=USERS * 12),
    "degraded": result("degraded", days=2, read_paused=90, quota_exhausted=40, deferred_pulls=10),
    "v1_devices": v1("v1_devices", DEVICES_USERS, devices=2.0),
    "devices": result("devices", DEVICES_USERS, devices=2.0, syncs=6.4),
}


def of(run: Run) -> dict[str, Any]:
    return SPECIAL.get(run.name) or result(run.scenario, run.users(USERS))


def all_days(**instead: dict[str, Any]) -> dict[str, Day]:
    """Of a whole run; `instead` by the runs' names."""
    return {run.name: Day.of(instead.get(run.name) or of(run)) for run in whole()}


def write(folder: Path, **instead: dict[str, Any]) -> None:
    for run in whole():
        (folder / f"{run.name}.json").write_text(json.dumps(instead.get(run.name) or of(run)))
