// What the workers of a pool and its watch tell each other about their server, so that each outage is
// discovered once.
#pragma once

#include <functional>
#include <set>
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

  // A worker's connection, from when it was made until the worker has let go of it.
  class Connected {
   public:
    // `socket` stays its owner's.
    Connected(ServerState& server, int socket);
    ~Connected();
    Connected(const Connected&) = delete;
    Connected& operator=(const Connected&) = delete;

   private:
    ServerState& server_;
    // Of our own, as libpq closes its socket when it sees fit, and the number is given to another.
    const int socket_;
  };

  // Connections made before the last loss carry an older generation: they are replaced before their next use.
  int generation() const;

  // A connection of `generation` was lost.
  void Lost(int generation, std::string_view why);
  void ConnectFailed(std::string_view why);
  // No answer came in time. Ends what waits on any connection; nobody connects until the server has Answered.
  void Hangs(std::string_view why);
  // The watch was answered.
  void Answered();

  // A connection attempt is not worth its time: one failed a moment ago, or the server hangs.
  bool away() const;
  // To a server that does not hang.
  bool anyone_connected() const;
  // It answered when it was last asked, and that was not long ago.
  bool healthy() const;

 private:
  void Blame(std::string_view why) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::function<absl::Time()> now_;
  mutable Mutex mutex_;
  int generation_ ABSL_GUARDED_BY(mutex_) = 0;
  std::multiset<int> sockets_ ABSL_GUARDED_BY(mutex_);
  absl::Time away_until_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool hangs_ ABSL_GUARDED_BY(mutex_) = false;
  // InfinitePast: the last attempt failed.
  absl::Time answered_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool blamed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidemark::pg
