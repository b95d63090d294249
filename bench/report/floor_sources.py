"""What floors are made of: pgbench's scripts, the rate limiter's Lua."""

import re
from pathlib import Path

FLOORS = Path(__file__).resolve().parent.parent / "floors"
SCRIPTS = ("pick", "push_and_pull", "lean_push_and_pull")


def sql_script(name: str) -> Path:
    return FLOORS / f"{name}.sql"


def bucket_script(source: str) -> str:
    """The Lua of the rate limiter's bucket, from the file that sends it to Redis."""
    return re.search(r'R"lua\((.*?)\)lua"', source, re.S)[1]
