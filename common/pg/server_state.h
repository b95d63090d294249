// What the workers of a pool tell each other about their server, so that each outage is discovered once.
#pragma once

#include <functional>
#include <string_view>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/mutex/mutex.h"

namespace tidemark::pg {

// Thread-safe.
class ServerState {
 public:
  explicit ServerState(std::function<absl::Time()> now = absl::Now) : now_(std::move(now)) {}

  // Connections made before the last loss carry an older generation: they are replaced before their next use.
  int generation() const;

  void Connected();
  // A worker has let go of its connection.
  void Disconnected();
  // A connection of `generation` was lost.
  void Lost(int generation, std::string_view why);
  void ConnectFailed(std::string_view why);
  void Answered();

  // A connection attempt failed a moment ago: another is not worth its time yet.
  bool away() const;
  bool anyone_connected() const;
  // It answered when it was last asked, and that was not long ago.
  bool healthy() const;

 private:
  void Blame(std::string_view why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::function<absl::Time()> now_;
  mutable Mutex mutex_;
  int generation_ ABSL_GUARDED_BY(mutex_) = 0;
  int connected_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::Time away_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  // InfinitePast: the last attempt failed.
  absl::Time answered_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool blamed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidemark::pg
