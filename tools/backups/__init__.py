"""`tools/backup` and `tools/restore`: both schemas in one file, with its checksum beside it.

  archive    the file: written whole or not at all, read only as it was written
  database   pg_dump, pg_restore and psql on the database of TIDEMARK_POSTGRES_OWNER_URL
  taking     tools/backup
  restoring  tools/restore
"""


class Failed(Exception):
    """Its text is for the person at the terminal."""
