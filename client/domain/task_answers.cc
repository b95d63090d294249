// What answers do to a task.
#include <algorithm>
#include <string>
#include <utility>

#include "client/domain/task_state.h"
#include "client/domain/view.h"

namespace tidemark::client {
namespace {

// A text that the person had not read overlaps a deletion.
bool Overlap(const Fields& pulled, const Fields& edited) {
  return Meet(pulled, edited) || (edited.deletes() && pulled.content);
}

// The person has seen a pulled version only where it did not touch what they were editing, now or before.
void RaiseBase(TaskState& task, Version version, const Fields& pulled) {
  if (task.sent) task.sent->overlapped |= Overlap(pulled, task.sent->change.fields);
  if (!task.edit) return;
  task.edit->overlapped |= Overlap(pulled, task.edit->fields);
  if (!task.edit->overlapped) task.edit->base = version;
}

// What a later page tells of a task holds, rather than what was sent.
void TellSent(TaskState& task) {
  if (!task.sent || !task.sent->verdict) return;
  Outcome& outcome = task.sent->verdict->outcome;
  if (outcome == Outcome::kAsSent) outcome = Outcome::kTold;
}

void Lay(Row& row, const Fields& fields) {
  if (fields.content) row.content = *fields.content;
  if (fields.completed) row.completed = *fields.completed;
  if (fields.pinned) row.pinned = *fields.pinned;
  if (fields.deleted_at) row.deleted_at = *fields.deleted_at;
}

void SettleAsSent(TaskState& task, const Change& change, UnixMillis now) {
  if (change.fields.deletes()) {
    if (task.row) Lay(*task.row, change.fields);
    ApplyDeletion(task, now);
    return;
  }
  // A text alone revives nothing: it has made a new task.
  const bool makes_anew = change.fields.content && !change.fields.restores();
  if (!task.row && !change.fields.content) return;
  if (!task.row || (!task.row->alive() && makes_anew)) {
    task.row = Row{.id = task.id, .created_at = change.created_at.value_or(change.updated_at)};
  }
  Lay(*task.row, change.fields);
  task.row->deleted_at = kLive;
  task.row->version = change.version;
  task.row->updated_at = change.updated_at;
  task.row->device = change.device;
  task.doomed = false;
  RaiseBase(task, change.version, {});
}

// An edit of the text outlives the purge of its task, and so does a wish to have it back: all of it is sent
// again.
bool QueueWhole(TaskState& task, const Change& change, UnixMillis since) {
  const Fields asked = task.edit ? LaidOver(change.fields, task.edit->fields) : change.fields;
  if (asked.deletes() || (!asked.content && !(asked.restores() && task.row))) return false;
  Edit whole;
  whole.created_at = change.created_at;
  whole.updated_at = task.edit ? task.edit->updated_at : change.updated_at;
  whole.since = since;
  whole.overlapped = true;
  if (task.row) {
    whole.created_at = task.row->created_at;
    whole.fields = {.content = task.row->content,
                    .completed = task.row->completed,
                    .pinned = task.row->pinned,
                    .deleted_at = std::nullopt};
  }
  whole.fields = LaidOver(whole.fields, asked);
  whole.fields.deleted_at.reset();
  task.edit = std::move(whole);
  return true;
}

// What `mine` has and the restored server has not.
Fields Missing(const Row& mine, const std::optional<Row>& theirs, const Fields& pending) {
  Fields fields{.content = mine.content,
                .completed = mine.completed,
                .pinned = mine.pinned,
                .deleted_at = std::nullopt};
  if (!theirs) return fields;
  if (pending.content || mine.content == theirs->content) fields.content.reset();
  if (pending.completed || mine.completed == theirs->completed) fields.completed.reset();
  if (pending.pinned || mine.pinned == theirs->pinned) fields.pinned.reset();
  return fields;
}

// `missing` goes out with the task's own time. What an earlier restore lost, and this server was never told,
// is newer than the row.
void Offer(TaskState& task, const Fields& missing, UnixMillis now) {
  Edit offer{.base = {0},
             .created_at = task.row->created_at,
             .updated_at = task.row->updated_at,
             .since = now,
             .fields = missing,
             .overlapped = true};
  if (task.restated) {
    offer.updated_at = std::max(offer.updated_at, task.restated->updated_at);
    offer.since = task.restated->since;
    offer.fields = LaidOver(missing, task.restated->fields);
  }
  task.restated = std::move(offer);
}

}  // namespace

bool Settle(TaskState& task, Outcome outcome, UnixMillis now) {
  const Sent sent = *std::exchange(task.sent, std::nullopt);
  switch (outcome) {
    case Outcome::kAsSent:
      SettleAsSent(task, sent.change, now);
      return true;
    case Outcome::kTold:
      // The person's own deletion: nobody need be asked about it.
      if (task.doomed && sent.change.fields.deletes()) ApplyDeletion(task, now);
      return true;
    case Outcome::kRejected:
      return false;
    case Outcome::kUnknownTask:
      return QueueWhole(task, sent.change, sent.since);
  }
  return true;
}

bool ApplyUpdate(TaskState& task, const Update& update) {
  const bool is_here = task.row && task.row->alive();
  if (!is_here && !update.created_at) return false;
  // It died in the meantime, and may have been purged and made anew, from 1.
  if (task.doomed) ForgetBase(task);
  if (!is_here) task.row = Row{.id = task.id};
  Lay(*task.row, update.fields);
  if (update.created_at) task.row->created_at = *update.created_at;
  task.row->version = update.version;
  task.row->updated_at = update.updated_at;
  task.row->device = update.device;
  task.doomed = false;
  TellSent(task);
  RaiseBase(task, update.version, update.fields);
  return true;
}

void Doom(TaskState& task) {
  task.doomed = task.row && task.row->alive();
  TellSent(task);
}

void ApplyDeletion(TaskState& task, UnixMillis now) {
  task.doomed = false;
  // The answer does not say when.
  if (task.row && task.row->alive()) task.row->deleted_at = std::max(now, UnixMillis{1});
  // The version of a dead task is no base: it may be purged and made anew, from 1.
  ForgetBase(task);
}

bool WouldVanish(const TaskState& task) {
  if (!FindVisible(task)) return false;
  TaskState after = task;
  ApplyDeletion(after, UnixMillis{1});
  return !FindVisible(after);
}

void ReviveInstead(TaskState& task, UnixMillis now) {
  const std::optional<Task> seen = FindVisible(task);
  ApplyDeletion(task, now);
  if (!seen) return;
  EditTask(
      task,
      {.content = seen->content, .completed = seen->completed, .pinned = seen->pinned, .deleted_at = kLive},
      now);
  task.edit->created_at = seen->created_at;
}

void TakeRestoredRow(TaskState& task, std::optional<Row> theirs, UnixMillis now) {
  // What the lost data set had stored is in the row: it is offered with that, once.
  const bool was_stored =
      task.sent && task.sent->verdict &&
      (task.sent->verdict->outcome == Outcome::kAsSent || task.sent->verdict->outcome == Outcome::kTold);
  if (was_stored) Settle(task, task.sent->verdict->outcome, now);
  Thaw(task);
  const Fields pending = PendingFields(task);
  const bool offers = task.row && task.row->alive() && !pending.deletes();
  if (offers) {
    const Fields missing = Missing(*task.row, theirs, pending);
    if (!missing.empty()) Offer(task, missing, now);
  }
  if (theirs || offers) {
    task.row = std::move(theirs);
  } else {
    ApplyDeletion(task, now);
  }
  task.doomed = false;
  ForgetBase(task);
}

}  // namespace tidemark::client
