// One sync at a time for one store, over all threads and processes: a lock on a file beside it. A process
// that dies lets go of it.
//
//   absl::StatusOr<std::optional<SyncLock>> lock = SyncLock::Try(store_path + ".sync");
//   if (lock.ok() && *lock) …sync…      // else another one is at it
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"

namespace tidemark::client {

// Held as long as it lives.
class SyncLock {
 public:
  // At once. Nothing: another holds it. kPermissionDenied: the file cannot be made.
  static absl::StatusOr<std::optional<SyncLock>> Try(const std::string& path);

  SyncLock(SyncLock&& other) noexcept;
  SyncLock& operator=(SyncLock&& other) noexcept;
  ~SyncLock();

 private:
  explicit SyncLock(int file) : file_(file) {}

  int file_ = -1;
};

}  // namespace tidemark::client
