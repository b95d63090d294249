"""What PostgreSQL and Redis hold of a user, read past all processes of Tidemark."""

import json
import re
import subprocess
from typing import Any, Iterable

from stack import Stack
from supervisor import postgres

TABLES = ("heads", "tasks", "history", "conflicts", "devices")
# When somebody was last heard of, and what they confirmed: a retry tells it anew.
SEEN = ("v1_seen", "last_seen", "cursor")
Stored = dict[str, list[dict[str, Any]]]


def query(stack: Stack, sql: str) -> str:
    """As the owner, whom row-level security does not bind."""
    argv = [postgres.BIN / "psql", "-XAtq", stack.env()["TIDEMARK_POSTGRES_OWNER_URL"], "-c", sql]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


def stored(stack: Stack, user_id: str) -> Stored:
    """Rows by table, in one snapshot. A head that counts nothing yet is none."""
    rows = " union all ".join(
        f"select '{table}' as name, coalesce(json_agg(t order by t), '[]') as rows from sync.{table} t "
        f"where user_id = '{user_id}'" for table in TABLES)
    found = json.loads(query(stack, f"select json_object_agg(name, rows) from ({rows}) tables"))
    found["heads"] = [_without(head, SEEN) for head in found["heads"] if head["high_water"] > 0]
    found["devices"] = [_without(ledger, SEEN) for ledger in found["devices"] if ledger["mutation_highest"] > 0]
    return found


def _without(row: dict[str, Any], columns: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in columns}


# A cache that is new takes no head for a while, since it may have lost fences (services/sync/storage/redis).
WARM_AND_GET = """
for _, key in ipairs(redis.call('KEYS', 'head:*:warm_at')) do redis.call('SET', key, 0) end
local held = {}
for _, key in ipairs(redis.call('KEYS', 'head:*:' .. ARGV[1])) do held[#held + 1] = redis.call('GET', key) end
return held
"""


def cached(stack: Stack, user_id: str) -> list[str]:
    """What the head cache has under the user's name, in any generation. From now on it takes heads."""
    return redis(stack, "EVAL", WARM_AND_GET, "0", user_id).split()


def end_suspension(stack: Stack) -> bool:
    """Whether there was one: of a Redis that was lost, or was on a busy machine too late, no head is used for a minute."""
    return query(stack, "update sync.data_set set cache_suspended_until = '-infinity' "
                        "where cache_suspended_until > now() returning true") == "t"


def etag_of(state: Stored) -> str:
    """Counted from the tasks, not taken from the head: "count-stamp-sum"."""
    living = [task["version"] for task in state["tasks"] if task["deleted_at"] == 0]
    stamp = state["heads"][0]["high_water"] if state["heads"] else 0
    return f"{len(living)}-{stamp}-{sum(living)}"


def head_of(state: Stored) -> str:
    """The same as the head has it."""
    head = state["heads"][0] if state["heads"] else {"live_count": 0, "high_water": 0, "version_sum": 0}
    return f"{head['live_count']}-{head['high_water']}-{head['version_sum']}"


def redis(stack: Stack, *command: str) -> str:
    argv = ["redis-cli", "-u", stack.env()["TIDEMARK_REDIS_URL"], *command]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


def redis_calls(stack: Stack, command: str) -> int:
    """How often Redis has run the command, in scripts too."""
    calls = re.search(rf"cmdstat_{command}:calls=(\d+)", redis(stack, "INFO", "commandstats"))
    return int(calls[1]) if calls else 0
