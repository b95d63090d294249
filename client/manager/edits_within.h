// A person's edits as parts of a transaction that is open already.
#pragma once

#include <set>

#include "client/manager/enlisted.h"
#include "client/sync_manager.h"
#include "common/random/random.h"

namespace tidemark::client {

class EditsWithin final : public TaskEdits {
 public:
  // All outlive it.
  EditsWithin(Transaction& transaction, Random& random, UnixMillis now)
      : tx_(transaction), enlisted_(transaction), random_(random), now_(now) {}

  absl::StatusOr<Task> Add(std::string_view content) override;
  absl::StatusOr<Task> Edit(const TaskId& id, std::string_view content) override;
  absl::StatusOr<Task> Complete(const TaskId& id, bool completed) override;
  absl::StatusOr<Task> Pin(const TaskId& id, bool pinned) override;
  absl::Status Delete(const TaskId& id) override;
  absl::StatusOr<Task> Restore(const TaskId& id) override;
  absl::Status DismissRejected(const Rejection& rejection) override;
  absl::Status DismissConflict(const Conflict& conflict) override;
  absl::StatusOr<Task> RestoreDiscarded(const Conflict& conflict) override;

  // The tasks that were.
  const std::set<TaskId>& edited() const { return edited_; }

 private:
  absl::StatusOr<Task> Noted(absl::StatusOr<Task> task);

  Transaction& tx_;
  Enlisted enlisted_;
  Random& random_;
  const UnixMillis now_;
  std::set<TaskId> edited_;
};

}  // namespace tidemark::client
