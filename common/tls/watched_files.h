// Files that somebody replaces while we run: certificates and their keys.
//
//   WatchedFiles files({certificate, key});
//   if (files.HaveChanged()) Read();
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace tidemark::tls {

// How often whoever needs them asks. A renewal needs no signal.
inline constexpr absl::Duration kCheckEvery = absl::Seconds(2);

// Not thread-safe.
class WatchedFiles {
 public:
  // As they are now: read them after this, so that what is written meanwhile is a change.
  explicit WatchedFiles(std::vector<std::string> paths);

  // Whether one of them was written, replaced or removed since this was last asked.
  bool HaveChanged();

 private:
  // What changes with a file.
  struct Stamp {
    absl::Time modified;
    uint64_t size = 0;
    uint64_t file = 0;
    bool operator==(const Stamp&) const = default;
  };

  static Stamp StampOf(const std::string& path);
  std::vector<Stamp> StampsNow() const;

  const std::vector<std::string> paths_;
  std::vector<Stamp> stamps_;
};

}  // namespace tidemark::tls
