#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "services/sync/engine/engine.h"

namespace tidemark::sync {

Task<absl::StatusOr<std::vector<HistoryEntry>>> Engine::GetHistory(Call& call, TaskId task) {
  if (!IsIdentifier(task.value(), kTaskIdBytesMax)) {
    co_return Error(Code::kValidation, "a task's id is 1 to 128 characters of A-Z a-z 0-9 _ . : -",
                    {.pointer = "/id"});
  }
  if (absl::Status admitted = co_await admission_.Other(call); !admitted.ok()) co_return admitted;
  const HistoryQuery query{.task = task, .after = HistoryKeptAfter(), .entries_max = kHistoryEntriesMax};
  absl::StatusOr<History> history = co_await store_.ReadHistory(call.user, query);
  if (!history.ok()) co_return history.status();
  if (!history->task_stored && history->entries.empty()) {
    co_return Error(Code::kNotFound, absl::StrCat("no task ", task.value()));
  }
  co_return std::move(history->entries);
}

// Stamps look like milliseconds.
Stamp Engine::HistoryKeptAfter() const { return {clock_.Now().value - kKeptMillis}; }

}  // namespace tidemark::sync
