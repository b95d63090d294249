// One AuthService.WatchRevocations: a watcher of the feed at the other end of a stream.
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "common/async/event_loops.h"
#include "common/mutex/mutex.h"
#include "services/auth/engine/revocation_feed.h"
#include "tidemark/v1/auth.pb.h"

namespace tidemark::auth {

using RevocationReactor = grpc::ServerBidiReactor<v1::WatchRevocationsRequest, v1::WatchRevocationsResponse>;

// Owns itself until gRPC is done with it. Ends when the client does, or the feed closes.
class RevocationStream final : public RevocationReactor,
                               public std::enable_shared_from_this<RevocationStream> {
 public:
  // `feed` and `loop` outlive the stream.
  static RevocationReactor* Open(RevocationFeed& feed, EventLoop& loop);
  // One that ends with `why` at once.
  static RevocationReactor* Refuse(const absl::Status& why);

  explicit RevocationStream(EventLoop& loop) : loop_(loop) {}

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override;

 private:
  void Begin(RevocationFeed& feed);
  // Writes what there is to take, or ends; nothing while a write is under way, whose end comes here again.
  void GoOn();
  void Write(const RevocationBatch& batch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  EventLoop& loop_;
  std::shared_ptr<RevocationStream> until_done_;
  std::shared_ptr<RevocationFeed::Watcher> watcher_;
  v1::WatchRevocationsRequest received_;
  v1::WatchRevocationsResponse sent_;

  Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool client_ended_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidemark::auth
