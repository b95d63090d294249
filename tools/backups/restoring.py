"""tools/restore: a backup into a database that holds nothing of Tidemark, and a new epoch, so that no device passes over
what is written from then on. Both come in one transaction: whenever this is cut off, there is all of it or nothing.
"""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

import building

from . import Failed, archive, database

NEW_EPOCH = building.ROOT / "services" / "sync" / "storage" / "postgres" / "new_epoch.sql"
MIGRATORS = ("tidemark-sync", "tidemark-auth")


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    parser = argparse.ArgumentParser(
        prog="tools/restore",
        description=f"Restores a backup into the database {database.SETTING}, which must be empty, begins a new epoch, and "
        "brings it up to what the programs need. No service may run on it.")
    parser.add_argument("file", type=Path, metavar="FILE", help="what tools/backup wrote; FILE.sha256 is beside it")
    parser.add_argument("--programs", type=Path, default=building.build_dir() / "bin", metavar="FOLDER",
                        help="where tidemark-sync and tidemark-auth are (default: %(default)s)")
    options = parser.parse_args()
    try:
        url = database.owner_url(os.environ)
        archive.verify(options.file)
        require_programs(options.programs)
        require_empty(url)
        before, after = database.restore(url, options.file, then=NEW_EPOCH.read_text()).split("|")
        print(f"epoch {before} is now {after}")
        migrate(url, options.programs)
    except (Failed, OSError) as failure:
        print(f"restore: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def require_programs(folder: Path) -> None:
    for name in MIGRATORS:
        if not os.access(folder / name, os.X_OK):
            raise Failed(f"There is no program {folder / name}: --programs names the folder that has it.")


def require_empty(url: str) -> None:
    taken = set(database.SCHEMAS) & set(database.query(url, "select nspname from pg_namespace"))
    if taken:
        raise Failed(f"The database is not empty: it has a schema {sorted(taken)[0]}. Nothing was changed.")
    others = database.query(url, "select distinct usename from pg_stat_activity "
                                 "where datname = current_database() and pid <> pg_backend_pid() and usename is not null")
    if others:
        raise Failed(f"{others[0]} is connected to the database: stop every tidemark-sync and tidemark-auth first. "
                     "Nothing was changed.")


def migrate(url: str, programs: Path) -> None:
    for name in MIGRATORS:
        done = subprocess.run([programs / name, "--migrate"], env=os.environ | {database.SETTING: url}, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode != 0:
            raise Failed(f"{name} --migrate exited with {done.returncode}:\n{done.stderr.strip()}\n"
                         "The data is restored and a new epoch has begun; the schema is still that of the backup.")


if __name__ == "__main__":
    sys.exit(main())
