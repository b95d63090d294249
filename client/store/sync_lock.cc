#include "client/store/sync_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace tidemark::client {

absl::StatusOr<std::optional<SyncLock>> SyncLock::Try(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return absl::PermissionDeniedError("the lock " + path + ": " + std::strerror(errno));
  // Of this open file, not of the process: two threads exclude each other as well.
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return std::optional(SyncLock(file));
  const int error = errno;
  ::close(file);
  if (error == EWOULDBLOCK) return std::optional<SyncLock>();
  return absl::UnavailableError("the lock " + path + ": " + std::strerror(error));
}

SyncLock::SyncLock(SyncLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

SyncLock& SyncLock::operator=(SyncLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

SyncLock::~SyncLock() {
  if (file_ >= 0) ::close(file_);
}

}  // namespace tidemark::client
