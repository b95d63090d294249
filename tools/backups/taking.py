"""tools/backup: both schemas, as they were at one moment, while people go on to write."""

import argparse
import datetime
import os
import signal
import sys
from pathlib import Path

from . import Failed, archive, database


def main() -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is half is removed all the same
    parser = argparse.ArgumentParser(
        prog="tools/backup",
        description=f"Writes a backup of the database {database.SETTING} to a new file in FOLDER and prints its name. "
        "May run while everything serves.")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    folder = parser.parse_args().folder
    # It holds what people wrote, and the hashes of their passwords.
    os.umask(0o077)
    try:
        url = database.owner_url(os.environ)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"tidemark-{datetime.datetime.now(datetime.UTC):%Y%m%dT%H%M%S.%fZ}.dump"
        archive.write(path, lambda partial: dump(url, partial))
    except (Failed, OSError) as failure:
        print(f"backup: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(path)
    return 0


def dump(url: str, path: Path) -> None:
    """One snapshot of all tables: pg_dump reads them in one transaction."""
    missing = set(database.SCHEMAS) - set(database.query(url, "select nspname from pg_namespace"))
    if missing:
        raise Failed(f"The database has no schema {' and no schema '.join(sorted(missing))}.")
    schemas = (f"--schema={schema}" for schema in database.SCHEMAS)
    database.tool("pg_dump", url, "--format=custom", "--no-owner", f"--file={path}", *schemas)


if __name__ == "__main__":
    sys.exit(main())
