#include "common/tls/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tidemark::tls {
namespace {

constexpr int kNone = -1;

absl::Status Failure(std::string_view what) {
  return absl::ErrnoToStatus(errno, absl::StrCat("a file in memory: ", std::string(what)));
}

bool WriteAll(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(descriptor, content.data(), content.size());
    if (written < 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

// A file that was modified `seconds` after 1970.
absl::StatusOr<int> NewFile(std::string_view content, int seconds) {
  const int descriptor = ::memfd_create("tidemark-tls", MFD_CLOEXEC);
  if (descriptor < 0) return Failure("memfd_create");
  const timespec time{.tv_sec = seconds, .tv_nsec = 0};
  const std::array<timespec, 2> times = {time, time};
  if (!WriteAll(descriptor, content) || ::futimens(descriptor, times.data()) != 0) {
    absl::Status failure = Failure("write");
    ::close(descriptor);
    return failure;
  }
  return descriptor;
}

}  // namespace

absl::StatusOr<MemoryFile> MemoryFile::Make() {
  absl::StatusOr<int> descriptor = NewFile("", 0);
  if (!descriptor.ok()) return descriptor.status();
  return MemoryFile(*descriptor);
}

MemoryFile::MemoryFile(MemoryFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, kNone)), replaced_(other.replaced_) {}

MemoryFile& MemoryFile::operator=(MemoryFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(replaced_, other.replaced_);
  return *this;
}

MemoryFile::~MemoryFile() {
  if (descriptor_ != kNone) ::close(descriptor_);
}

absl::Status MemoryFile::Replace(const std::string& content) {
  const absl::StatusOr<int> next = NewFile(content, replaced_ + 1);
  if (!next.ok()) return next.status();
  const bool replaced = ::dup3(*next, descriptor_, O_CLOEXEC) >= 0;
  absl::Status status = replaced ? absl::OkStatus() : Failure("dup3");
  ::close(*next);
  if (replaced) ++replaced_;
  return status;
}

std::string MemoryFile::path() const { return absl::StrCat("/proc/self/fd/", descriptor_); }

}  // namespace tidemark::tls
