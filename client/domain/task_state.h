// All that this device knows of ONE task, and the rules that change it (SPEC 6.3). Pure.
//
//   row       what the server said
//   restated  what the server lost in a restore and this device has; goes out before the edit
//   sent      a numbered change, frozen until answered: a retry must be the same to be known as one
//   edit      what the person did since, not numbered yet
//
// The person sees edit over sent over restated over row (view.h). So a pulled field cannot overwrite a
// pending edit: they never meet before the answer.
//
//   TaskState task = CreateTask(id, "milk", now);
//   Change change = Freeze(task, {number, device}, now);      // send it…
//   Settle(task, Outcome::kAsSent, place);                    // …and take the answer
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "client/domain/protocol.h"
#include "client/domain/task.h"

namespace tidemark::client {

// Edits of one task that are not numbered yet.
struct Edit {
  // The version of the row it was made on; 0: a new task, or a base that proves nothing any more.
  Version base = {};
  // Of a new task.
  std::optional<UnixMillis> created_at = std::nullopt;
  // This device's clock at the last of the edits…
  UnixMillis updated_at = {};
  // …and at the first.
  UnixMillis since = {};
  Fields fields = {};
  // A pull brought one of the edited fields: the base stays what it is.
  bool overlapped = false;
  // Some of it was sent under a number that is no longer its own: a server may have it.
  bool was_sent = false;
  bool operator==(const Edit&) const = default;
};

// What became of a sent change.
enum class Outcome {
  // Stored exactly as sent, with the version sent.
  kAsSent,
  // The answer tells the task whole, or as deleted: what it tells holds.
  kTold,
  // Not stored, for good.
  kRejected,
  // Not stored, because there is no such task: what edits the text, or restores it, is queued again, whole.
  kUnknownTask,
};

// Of an answer's first page. It takes effect with the last.
struct Verdict {
  Outcome outcome = Outcome::kAsSent;
  // Of a rejected change; the SPEC's words.
  std::string code = {};
  std::string detail = {};
  bool operator==(const Verdict&) const = default;
};

struct Sent {
  Change change = {};
  UnixMillis since = {};
  // See Edit. An edit on top of this one inherits it.
  bool overlapped = false;
  // It was `restated`: its time is the task's own, so no later edit may replace it.
  bool restated = false;
  // Set: it is answered, and the answer has more pages to come.
  std::optional<Verdict> verdict = std::nullopt;
  bool operator==(const Sent&) const = default;
};

struct TaskState {
  TaskId id = {};
  std::optional<Row> row = std::nullopt;
  std::optional<Edit> restated = std::nullopt;
  std::optional<Sent> sent = std::nullopt;
  std::optional<Edit> edit = std::nullopt;
  // The server said that the task is deleted; it is, once the answer is complete (guard.h).
  bool doomed = false;
  // The last whole state that named the task (Replica::whole_state).
  int64_t named_in = 0;

  bool pending() const { return sent || edit || restated; }
  // When the oldest pending edit was made. Pending.
  UnixMillis since() const;
  bool empty() const { return !row && !pending(); }
  bool operator==(const TaskState&) const = default;
};

// The fields that wait, the newest value of each.
Fields PendingFields(const TaskState& task);

// ---- A person's edits

// `content` is fit (content.h); the id is new.
TaskState CreateTask(const TaskId& id, std::string_view content, UnixMillis now);
// Fields of a task that the person sees.
void EditTask(TaskState& task, const Fields& fields, UnixMillis now);
// A task that no server can have is put away at once, and can be restored like any other.
void DeleteTask(TaskState& task, UnixMillis now);
// Brings a deleted task back. The person can see its text: FindDeleted(task).
void RestoreTask(TaskState& task, UnixMillis now);

// ---- Sending

// True: `sent` goes out again as it is, rather than under a new number together with the edit.
bool GoesAgainUnaltered(const TaskState& task);
// Numbers what waits, together with what was sent before and edited since, and freezes it. Something waits
// that does not go again unaltered. `may_trust_base`: false before the first complete pull.
struct Sender {
  MutationId number = {};
  DeviceId device = {};
  bool may_trust_base = true;
};
const Change& Freeze(TaskState& task, const Sender& sender);
// Takes the number off again: it belongs to a copy of this device as well.
void Thaw(TaskState& task);
// Versions of before a restore, or of a task that was purged and made anew, prove nothing.
void ForgetBase(TaskState& task);

// ---- Answers

// Ends the wait for `sent`, which is there; what the answer tells of the task has been applied. False:
// nothing of it is stored or queued again, and the person must be told.
bool Settle(TaskState& task, Outcome outcome, UnixMillis now);

// False: fields of a task that is not here; `task` is as it was.
bool ApplyUpdate(TaskState& task, const Update& update);
// The server says that the task is deleted. It is removed when the answer is complete.
void Doom(TaskState& task);
// Keeps a dead copy.
void ApplyDeletion(TaskState& task, UnixMillis now);
// True: the person sees the task now and would not after ApplyDeletion.
bool WouldVanish(const TaskState& task);
// Instead of ApplyDeletion: the task goes to the server again.
void ReviveInstead(TaskState& task, UnixMillis now);

// After the whole state of a server that lost something: `theirs` is its row, and what this device has
// besides is queued with the task's own time, for the merge to decide.
void TakeRestoredRow(TaskState& task, std::optional<Row> theirs, UnixMillis now);

}  // namespace tidemark::client
