#include "services/sync/domain/merge.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tidemark::sync {
namespace {

FieldEdit EditOf(const StoredField& stored) { return {stored.value, stored.updated_at, stored.device}; }

FieldEdit EditOf(const Change& change, FieldValue value) {
  return {std::move(value), change.updated_at, change.device};
}

StoredField Written(const Change& change, FieldValue value, Version version, Stamp stamp) {
  return {std::move(value), version, stamp, change.device, change.updated_at, change.edited_at};
}

// Two deletions are equal whatever their times.
bool Equal(Field field, const FieldValue& a, const FieldValue& b) {
  return field == Field::kDeletedAt ? SaysDeleted(a) == SaysDeleted(b) : a == b;
}

// One merge under way: `edits_` shrinks as edits are settled.
class Merger {
 public:
  Merger(const TaskRow& row, const Change& change, const Basis& basis, Stamp stamp)
      : row_(row), change_(change), basis_(basis), stamp_(stamp), edits_(change.fields) {
    merged_.task = row;
    new_version_ = fast_forward() ? change.version : Version{row.version.value + 1};
  }

  Merged Run() {
    const bool all_differ = DropWhatSaysNothing();
    if (row_.deleted()) {
      EditOfDeletedTask();
    } else if (edits_[Field::kDeletedAt]) {
      DeletionOfLivingTask();
    }
    for (Field field : kFields) {
      if (edits_[field]) Settle(field);
    }
    merged_.as_sent =
        merged_.changed && all_differ && merged_.conflicts.empty() && new_version_ == change_.version;
    return std::move(merged_);
  }

 private:
  bool fast_forward() const { return !basis_.cursor && change_.version > row_.version; }

  bool Concurrent(Field field) const {
    const StoredField& stored = row_.fields[field];
    if (stored.device == change_.device) return false;
    if (basis_.cursor && stored.stamp > *basis_.cursor) return true;
    // The cursor goes on while a pending edit keeps its base; V1 has no base (decision 14).
    return !basis_.full_object && stored.version >= change_.version;
  }

  // Forgets values that were not edited or are stored already. False if a value was forgotten that the sender
  // may hold to be stored otherwise.
  bool DropWhatSaysNothing() {
    bool all_stored_as_given = true;
    std::optional<FieldValue>& deleted_at = edits_[Field::kDeletedAt];
    if (basis_.full_object && deleted_at && !SaysDeleted(*deleted_at)) {
      all_stored_as_given = !row_.deleted();
      deleted_at.reset();
    }
    for (Field field : kFields) {
      if (!edits_[field]) continue;
      const std::optional<FieldValue>& held = basis_.held[field];
      if (Equal(field, *edits_[field], row_.fields[field].value)) {
        edits_[field].reset();
      } else if (WasHeard(field) || (held && Concurrent(field) && Equal(field, *edits_[field], *held))) {
        all_stored_as_given = false;
        edits_[field].reset();
      }
    }
    return all_stored_as_given;
  }

  bool WasHeard(Field field) const {
    const std::vector<FieldEdit>& heard = basis_.heard[field];
    return std::any_of(heard.begin(), heard.end(), [&](const FieldEdit& edit) {
      return edit.device == change_.device && edit.updated_at == change_.updated_at &&
             Equal(field, edit.value, *edits_[field]);
    });
  }

  // Edits that neither restore nor delete meet a deletion they had not seen: an edit of the text wins over
  // it, any other loses.
  void EditOfDeletedTask() {
    const std::optional<FieldValue>& deleted_at = change_.fields[Field::kDeletedAt];
    const bool agrees = deleted_at && SaysDeleted(*deleted_at);
    if (agrees || edits_[Field::kDeletedAt] || !Concurrent(Field::kDeletedAt)) return;
    if (edits_[Field::kContent]) {
      AddConflict(Field::kDeletedAt, Winner::kClient, EditOf(change_, kLive),
                  EditOf(row_.fields[Field::kDeletedAt]));
      Take(Field::kDeletedAt, kLive, Reason::kConflict);
      return;
    }
    if (!edits_[Field::kCompleted] && !edits_[Field::kPinned]) return;
    AddConflict(Field::kDeletedAt, Winner::kServer, EditOf(row_.fields[Field::kDeletedAt]),
                EditOf(change_, kLive));
    for (Field field : {Field::kCompleted, Field::kPinned}) {
      if (edits_[field]) Refuse(field);
    }
  }

  // A deletion meets edits it had not seen, the other way round. Who made the same edit of the text has seen
  // it.
  void DeletionOfLivingTask() {
    const std::optional<FieldValue>& content = change_.fields[Field::kContent];
    const bool same_text = content && *content == row_.fields[Field::kContent].value;
    if (Concurrent(Field::kContent) && !same_text) {
      FieldEdit editor = EditOf(row_.fields[Field::kContent]);
      editor.value = kLive;
      AddConflict(Field::kDeletedAt, Winner::kServer, std::move(editor),
                  EditOf(change_, *edits_[Field::kDeletedAt]));
      Refuse(Field::kDeletedAt);
      return;
    }
    if (Concurrent(Field::kDeletedAt)) return;
    // The text that is deleted is the one that this very change leaves behind.
    if (edits_[Field::kContent]) Settle(Field::kContent);
    for (Field field : {Field::kCompleted, Field::kPinned}) {
      if (!Concurrent(field)) continue;
      FieldEdit editor = EditOf(row_.fields[field]);
      editor.value = kLive;
      AddConflict(Field::kDeletedAt, Winner::kClient, EditOf(change_, *edits_[Field::kDeletedAt]),
                  std::move(editor));
      break;
    }
    Take(Field::kDeletedAt, *edits_[Field::kDeletedAt], Reason::kDeleted);
  }

  // The rule for a single field.
  void Settle(Field field) {
    const FieldValue value = *edits_[field];
    if (!Concurrent(field)) {
      Take(field, value,
           field == Field::kDeletedAt && SaysDeleted(value) ? Reason::kDeleted : Reason::kOverwritten);
      return;
    }
    const StoredField& stored = row_.fields[field];
    const bool restores = field == Field::kDeletedAt && !SaysDeleted(value);
    if (restores || std::tie(change_.edited_at, change_.device) > std::tie(stored.edited_at, stored.device)) {
      AddConflict(field, Winner::kClient, EditOf(change_, value), EditOf(stored));
      Take(field, value, Reason::kConflict);
    } else {
      AddConflict(field, Winner::kServer, EditOf(stored), EditOf(change_, value));
      Refuse(field);
    }
  }

  void Take(Field field, const FieldValue& value, Reason reason) {
    TaskRow& task = merged_.task;
    Replaced(field, reason);
    // A deleted text is told by the history even after the tombstone is purged.
    if (field == Field::kDeletedAt && SaysDeleted(value)) Replaced(Field::kContent, Reason::kDeleted);
    if (field == Field::kDeletedAt && !SaysDeleted(value)) task.alive_since = stamp_;
    task.fields[field] = Written(change_, value, new_version_, stamp_);
    task.version = new_version_;
    task.stamp = stamp_;
    task.updated_at = change_.updated_at;
    task.device = change_.device;
    merged_.changed = true;
    edits_[field].reset();
  }

  void Replaced(Field field, Reason reason) {
    const StoredField& old = merged_.task.fields[field];
    merged_.history.push_back(
        {row_.id, field, old.value, old.version, old.updated_at, old.device, stamp_, reason, true});
  }

  void Refuse(Field field) {
    merged_.history.push_back({row_.id, field, *edits_[field], change_.version, change_.updated_at,
                               change_.device, stamp_, Reason::kConflict, false});
    edits_[field].reset();
  }

  void AddConflict(Field field, Winner winner, FieldEdit kept, FieldEdit discarded) {
    merged_.conflicts.push_back({row_.id, field, winner, std::move(kept), std::move(discarded), stamp_});
  }

  const TaskRow& row_;
  const Change& change_;
  const Basis& basis_;
  const Stamp stamp_;
  PerField<std::optional<FieldValue>> edits_;
  Version new_version_;
  Merged merged_;
};

}  // namespace

Merged Merge(const TaskRow& row, const Change& change, const Basis& basis, Stamp stamp) {
  return Merger(row, change, basis, stamp).Run();
}

TaskRow Create(const Change& change, Stamp stamp) {
  PerField<FieldValue> defaults;
  defaults[Field::kContent] = std::string();
  defaults[Field::kCompleted] = false;
  defaults[Field::kPinned] = false;
  defaults[Field::kDeletedAt] = kLive;
  TaskRow task{.id = change.id,
               .version = change.version,
               .stamp = stamp,
               .created_at = change.created_at.value_or(change.updated_at),
               .updated_at = change.updated_at,
               .device = change.device,
               .alive_since = stamp,
               .fields = {}};
  for (Field field : kFields) {
    task.fields[field] =
        Written(change, change.fields[field].value_or(defaults[field]), change.version, stamp);
  }
  return task;
}

}  // namespace tidemark::sync
