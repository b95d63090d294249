// One at a time, over the threads of this process and, by a lock on a file, over all processes on one store.
//
//   absl::StatusOr<Gate::Pass> pass = gate.Enter(patience, cancellation);
//   if (!pass.ok()) return pass.status();
//   …                                        // nobody else is here
#pragma once

#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/store/sync_lock.h"
#include "client/transport/cancellation.h"
#include "common/mutex/mutex.h"

namespace tidemark::client {

// Thread-safe. Outlives its passes.
class Gate {
 public:
  // Held as long as it lives.
  class Pass {
   public:
    Pass(Pass&& other) noexcept;
    Pass& operator=(Pass&&) = delete;
    ~Pass();

   private:
    friend class Gate;
    Pass(Gate* gate, std::optional<SyncLock> lock) : gate_(gate), lock_(std::move(lock)) {}

    Gate* gate_;
    std::optional<SyncLock> lock_;
  };

  // Empty: there is nothing to share with other processes.
  explicit Gate(std::string path) : path_(std::move(path)) {}

  // At once. Nothing: another is in. Errors as of SyncLock.
  absl::StatusOr<std::optional<Pass>> TryEnter();
  // kDeadlineExceeded: another was in for all of `patience`. kCancelled.
  absl::StatusOr<Pass> Enter(absl::Duration patience, Cancellation& cancellation);

 private:
  bool TakeSeat();
  void LeaveSeat();

  const std::string path_;
  Mutex mutex_;
  CondVar changed_;
  bool taken_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidemark::client
