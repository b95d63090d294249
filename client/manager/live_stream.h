// Follows the user's head on the service while it is wanted: the stream is opened, and opened again when it
// ended, with pauses that grow.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/manager/session.h"
#include "client/transport/sync_transport.h"
#include "common/mutex/mutex.h"

namespace tidemark::client {

// Thread-safe, but for Start and Stop, which one thread calls in turn.
class LiveStream {
 public:
  // Called on the thread of the stream.
  struct Hooks {
    std::function<absl::StatusOr<Renewed>(Cancellation&)> token;
    // The token was refused.
    std::function<absl::Status(const std::string& refused, Cancellation&)> renew;
    std::function<void(bool is_open)> opened;
    std::function<void(const std::string& etag)> head;
    // 0 … 1, 1 excluded.
    std::function<double()> draw;
  };

  // Between two attempts: from the first on twice as long each time, and a random part of that.
  static constexpr absl::Duration kPauseFirst = absl::Seconds(1);
  static constexpr absl::Duration kPauseLongest = absl::Minutes(1);

  // `transport` outlives it.
  LiveStream(SyncTransport& transport, Hooks hooks) : transport_(transport), hooks_(std::move(hooks)) {}
  ~LiveStream() { Stop(); }

  void Start();
  // Ends the stream, if one is open.
  void Stop();
  void SetWanted(bool wanted);
  // The next attempt is now: the network may be back.
  void TryNow();

 private:
  void Run();
  // Null: it is to end.
  std::shared_ptr<Cancellation> AwaitWanted();
  absl::Status Follow(Cancellation& cancellation);
  void Pause(absl::Duration pause);
  absl::Duration PauseAfter(const absl::Status& ended);

  SyncTransport& transport_;
  const Hooks hooks_;
  std::thread thread_;
  // Of the thread alone: attempts in a row that brought no head.
  int failures_ = 0;

  Mutex mutex_;
  CondVar changed_;
  bool running_ ABSL_GUARDED_BY(mutex_) = false;
  bool wanted_ ABSL_GUARDED_BY(mutex_) = false;
  bool hurry_ ABSL_GUARDED_BY(mutex_) = false;
  // Of the attempt that is under way.
  std::shared_ptr<Cancellation> attempt_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::client
