// The merge (SPEC 5.3): what a change does to the stored task. Pure.
//
// The law, held by merge_test and the property test beside it:
//   - Nothing given is lost: each given value ends as the stored value, equals it, or is in a conflict and in
//   the history.
//   - Nothing stored is lost: each value that is replaced is in the history.
//   - A device never conflicts with itself.
//   - A field changes only if the change gives it; deleted_at also when a text wins over a deletion.
//
//   A field is concurrent when its last change is one that the sender had not seen, by another device:
//
//                       row      v1 ── v2 (phone: content) ── v3 (web: pinned)
//                                │
//     change of `laptop`         └── base 1, version 2: content is concurrent (v2 > 1), completed is not
#pragma once

#include <optional>
#include <vector>

#include "services/sync/domain/types.h"

namespace tidemark::sync {

// What the sender had seen.
struct Basis {
  // Set: the sender had seen nothing beyond this cursor (V1, and a cursor older than the purge). Absent: it
  // had seen change.version - 1.
  std::optional<Stamp> cursor;
  // A V1 object: it names every field, its version proves nothing, and deleted_at 0 restores nothing.
  bool full_object = false;
  // Of a V1 object: what the fields held at `cursor`, where they have changed since. A value sent equal to it
  // is untouched, unless the sender itself changed it since.
  PerField<std::optional<FieldValue>> held;
  // Of a V1 object, which has no number: its sender's edits that the history tells of, replaced since or
  // refused. The same again, of the same time, is a retry.
  PerField<std::vector<FieldEdit>> heard;
};

struct Merged {
  // The task after the change.
  TaskRow task;
  // False: nothing was taken; `task` is as it was.
  bool changed = false;
  // True: stored exactly as sent, under the version sent. The sender need not be told.
  bool as_sent = false;
  // At most one per field.
  std::vector<Conflict> conflicts;
  std::vector<HistoryEntry> history;
};

// `stamp` is the change's own. change.id == row.id.
Merged Merge(const TaskRow& row, const Change& change, const Basis& basis, Stamp stamp);

// The task that `change` makes when none is stored. `change` gives content and does not delete.
TaskRow Create(const Change& change, Stamp stamp);

}  // namespace tidemark::sync
