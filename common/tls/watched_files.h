// Files that somebody replaces while we run: certificates and their keys.
//
//   WatchedFiles files({certificate, key});
//   files.Refresh([] { return Read(); });
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace tidemark::tls {

// How often whoever needs them asks. A renewal needs no signal.
inline constexpr absl::Duration kCheckEvery = absl::Seconds(2);

// Not thread-safe.
class WatchedFiles {
 public:
  // As they are now: read them after this, so that what is written meanwhile is a change.
  explicit WatchedFiles(std::vector<std::string> paths);

  // Calls `read` if one of them was written, replaced or removed since this was last asked, and again and
  // again while that fails: a right or a descriptor may have been what was missing, and that is no change.
  // Logs what came of it, a failure once.
  void Refresh(const std::function<absl::Status()>& read);

 private:
  // What changes with a file.
  struct Stamp {
    absl::Time modified;
    uint64_t size = 0;
    uint64_t file = 0;
    bool operator==(const Stamp&) const = default;
  };

  bool HaveChanged();
  static Stamp StampOf(const std::string& path);
  std::vector<Stamp> StampsNow() const;

  const std::vector<std::string> paths_;
  std::vector<Stamp> stamps_;
  // What they hold could not be read.
  bool is_behind_ = false;
};

}  // namespace tidemark::tls
