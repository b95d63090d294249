// What this process noted of devices last, so that nothing is written to the store twice.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "common/mutex/mutex.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

// Bounded: forgets what was noted longest ago, which is then written once more. Thread-safe.
class Sightings {
 public:
  // `devices_max` >= 2.
  explicit Sightings(std::size_t devices_max) : half_(devices_max / 2) {}

  // Another cursor than was noted last, or noted so long ago that it is worth noting that the device is still
  // in use. Without a device: of the user's V1 clients.
  bool IsNews(const UserId& user, const Sighting& seen) const;
  void Note(const UserId& user, const Sighting& seen);

 private:
  using Key = std::pair<UserId, DeviceId>;
  struct Noted {
    Stamp cursor;
    UnixMillis at;
  };
  using Half = absl::flat_hash_map<Key, Noted>;

  const std::size_t half_;
  mutable Mutex mutex_;
  // A full younger half becomes the elder, and what was the elder is forgotten.
  Half younger_ ABSL_GUARDED_BY(mutex_);
  Half elder_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::sync
