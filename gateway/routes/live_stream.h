// One client's GET /sync/stream (SPEC 3.5): follows the user's head and tells it as Server-Sent Events.
//
//        sync replicas                     Follow()                    Run()
//   Watch ──► heads, ends ──► the newest head, or why it ended ──► head, comment, expired ──► client
//     ▲                             │
//     └── again, after a pause ─────┘
//
// Follow reads as fast as heads come and keeps the newest alone, so a slow client costs no memory and skips
// states that have passed. The same state is never told twice, not even across replicas.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/async/alarm.h"
#include "common/async/event_loops.h"
#include "common/async/task.h"
#include "gateway/backend/sync_backend.h"
#include "gateway/http/exchange.h"

namespace tidemark::gateway {

struct LiveStreamOptions {
  // Between two comments, which keep proxies from closing a stream that rests.
  absl::Duration comment_interval = absl::Seconds(25);
  // A sync service that is away longer than this ends the stream.
  absl::Duration outage_max = absl::Minutes(1);
};

// Lives on the loop it was made on.
class LiveStream : public std::enable_shared_from_this<LiveStream> {
 public:
  // `call` says what goes with each Watch; call.timeout is for its first head. `last_id` is the state that
  // the client knows; it is not told again. `sync` outlives the stream.
  LiveStream(SyncBackend& sync, rpc::ClientCall call, std::string last_id, LiveStreamOptions options);

  // Begins to follow, and waits for the first head, or for why there is none: the service's own error.
  Task<absl::Status> Open();
  // After Open. Sends until the client leaves, the server drains, the token ends or the service stays away.
  Task<absl::Status> Run(http::BodyWriter& writer);
  // Makes Run return soon. Whoever opened a stream ends it.
  void End();

  const std::map<std::string, std::string>& trailers() const { return trailers_; }

 private:
  using Time = Alarm::Clock::time_point;

  Task<void> Follow();
  // Follows one Watch, and returns why it ended.
  Task<absl::Status> WatchOnce();
  // The next message of `reader_`, which before the first head must come within call_.timeout.
  Task<absl::StatusOr<std::optional<v1::WatchResponse>>> FirstMessage();
  // False: no further Watch is to be tried.
  bool ShouldRetry(const absl::Status& lost);
  void EndBecause(absl::Status why);

  // What is to be sent now. Empty: nothing.
  std::string NextPiece();

  SyncBackend& sync_;
  EventLoop& loop_;
  const rpc::ClientCall call_;
  const LiveStreamOptions options_;

  // Follow's.
  std::unique_ptr<rpc::StreamReader<v1::WatchResponse>> reader_;
  std::map<std::string, std::string> trailers_;
  int failures_ = 0;
  // When the service was lost. Nothing: it is there.
  std::optional<Time> lost_at_;
  // Rings early when the stream has ended.
  Alarm pause_;

  // From Follow to Run. The newest head; empty before the first.
  std::string head_;
  // Set: nothing more comes. OK: because End was called.
  std::optional<absl::Status> ended_;
  // Rings when there is something to do before the next comment is due.
  Alarm wake_;

  // Run's.
  std::string sent_;
  Time comment_at_;
};

}  // namespace tidemark::gateway
