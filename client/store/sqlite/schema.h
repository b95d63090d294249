// The tables of a store. A row of `tasks` is a TaskState; what waits of it stands in `pending`.
#pragma once

namespace tidemark::client {

// "tdmk"
inline constexpr int kApplicationId = 0x74646d6b;
inline constexpr int kSchemaVersion = 1;

inline constexpr const char* kSchema = R"sql(
CREATE TABLE replica (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  device_id TEXT NOT NULL,
  last_number INTEGER NOT NULL,
  acked INTEGER NOT NULL,
  epoch TEXT,
  cursor INTEGER NOT NULL,
  etag TEXT NOT NULL,
  synced_at INTEGER NOT NULL,
  series_page TEXT,
  series_last_sync INTEGER,
  series_resync INTEGER,
  series_tasks_before INTEGER,
  series_whole_state INTEGER,
  held_removes INTEGER,
  held_of INTEGER,
  held_since INTEGER,
  held_cursor INTEGER,
  held_etag TEXT,
  held_whole_state INTEGER,
  whole_state INTEGER NOT NULL,
  live_count INTEGER NOT NULL,
  version_sum INTEGER NOT NULL,
  healed_at INTEGER NOT NULL,
  edited_at INTEGER NOT NULL
);

CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- version NULL: no server has told of the task.
CREATE TABLE tasks (
  id TEXT PRIMARY KEY,
  version INTEGER,
  created_at INTEGER,
  updated_at INTEGER,
  deleted_at INTEGER,
  device_id TEXT,
  content TEXT,
  completed INTEGER,
  pinned INTEGER,
  doomed INTEGER NOT NULL,
  named_in INTEGER NOT NULL,
  -- Of what waits: its age, and the number of what is frozen.
  since INTEGER,
  number INTEGER
);
CREATE INDEX tasks_pending ON tasks (since, id) WHERE since IS NOT NULL;
CREATE INDEX tasks_edited ON tasks (since, id) WHERE since IS NOT NULL AND number IS NULL;
CREATE INDEX tasks_sent ON tasks (number) WHERE number IS NOT NULL;
CREATE INDEX tasks_doomed ON tasks (id) WHERE doomed = 1;
CREATE INDEX tasks_dead ON tasks (deleted_at) WHERE deleted_at > 0;

-- kind: 0 restated, 1 sent, 2 edit. base: the version the edit was made on.
CREATE TABLE pending (
  id TEXT NOT NULL,
  kind INTEGER NOT NULL,
  number INTEGER,
  base INTEGER NOT NULL,
  created_at INTEGER,
  updated_at INTEGER NOT NULL,
  since INTEGER NOT NULL,
  device_id TEXT,
  content TEXT,
  completed INTEGER,
  pinned INTEGER,
  deleted_at INTEGER,
  overlapped INTEGER NOT NULL,
  restated INTEGER NOT NULL,
  was_sent INTEGER NOT NULL,
  -- The verdict, while the answer has more pages to come.
  outcome INTEGER,
  code TEXT,
  detail TEXT,
  PRIMARY KEY (id, kind)
) WITHOUT ROWID;

-- Rows of a restored server, until all have come.
CREATE TABLE aside (
  id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL,
  device_id TEXT NOT NULL,
  content TEXT NOT NULL,
  completed INTEGER NOT NULL,
  pinned INTEGER NOT NULL
);

CREATE TABLE conflicts (
  at INTEGER NOT NULL,
  field INTEGER NOT NULL,
  id TEXT NOT NULL,
  winner INTEGER NOT NULL,
  kept TEXT NOT NULL,
  kept_updated_at INTEGER NOT NULL,
  kept_device_id TEXT NOT NULL,
  discarded TEXT NOT NULL,
  discarded_updated_at INTEGER NOT NULL,
  discarded_device_id TEXT NOT NULL,
  dismissed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (at, field)
) WITHOUT ROWID;

CREATE TABLE rejections (
  number INTEGER NOT NULL,
  device_id TEXT NOT NULL,
  id TEXT NOT NULL,
  base INTEGER NOT NULL,
  created_at INTEGER,
  updated_at INTEGER NOT NULL,
  content TEXT,
  completed INTEGER,
  pinned INTEGER,
  deleted_at INTEGER,
  code TEXT NOT NULL,
  detail TEXT NOT NULL,
  at INTEGER NOT NULL
);
)sql";

}  // namespace tidemark::client
