// A file that is nowhere but in this process' memory, for libraries that want to be told a path.
//
//   absl::StatusOr<MemoryFile> file = MemoryFile::Make();
//   file->Replace("…");
//   library.Watch(file->path());
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tidemark::tls {

// Not thread-safe, but for those who read at path().
class MemoryFile {
 public:
  // Empty. RESOURCE_EXHAUSTED: no descriptor or memory is left.
  static absl::StatusOr<MemoryFile> Make();
  MemoryFile(MemoryFile&& other) noexcept;
  MemoryFile& operator=(MemoryFile&& other) noexcept;
  ~MemoryFile();

  // At once: who opens path() reads all of the old content or all of the new. Each content has a time of
  // modification of its own, in whole seconds, by which a reader who opens it twice can tell.
  // RESOURCE_EXHAUSTED: as Make; the old content stays.
  absl::Status Replace(const std::string& content);

  // Good in this process for as long as the file is.
  std::string path() const;

 private:
  explicit MemoryFile(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
  int replaced_ = 0;
};

}  // namespace tidemark::tls
