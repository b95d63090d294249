#include "services/auth/transport/revocation_stream.h"

#include <optional>
#include <utility>

#include "common/rpc/status.h"
#include "common/status/error.h"

namespace tidemark::auth {
namespace {

class Refusal final : public RevocationReactor {
 public:
  explicit Refusal(const absl::Status& why) { Finish(rpc::ToGrpc(why)); }
  void OnDone() override { delete this; }
};

grpc::Status Stopping() {
  return rpc::ToGrpc(
      Error(Code::kUnavailable, "the server stops; watch another", {.retry_after = absl::Seconds(1)}));
}

}  // namespace

RevocationReactor* RevocationStream::Open(RevocationFeed& feed, EventLoop& loop) {
  auto stream = std::make_shared<RevocationStream>(loop);
  stream->Begin(feed);
  return stream.get();
}

RevocationReactor* RevocationStream::Refuse(const absl::Status& why) { return new Refusal(why); }

void RevocationStream::Begin(RevocationFeed& feed) {
  until_done_ = shared_from_this();
  watcher_ = feed.Watch([weak = weak_from_this(), &loop = loop_] {
    loop.Post([weak] {
      if (const auto stream = weak.lock()) stream->GoOn();
    });
  });
  StartRead(&received_);
  loop_.Post([self = shared_from_this()] { self->GoOn(); });
}

void RevocationStream::GoOn() {
  grpc::Status end;
  {
    MutexLock lock(&mutex_);
    if (writing_ || finished_) return;
    if (!client_ended_ && !watcher_->IsToGo()) {
      if (const std::optional<RevocationBatch> batch = watcher_->Take()) Write(*batch);
      return;
    }
    finished_ = true;
    if (!client_ended_) end = Stopping();
  }
  Finish(end);
}

void RevocationStream::Write(const RevocationBatch& batch) {
  sent_.Clear();
  sent_.set_number(batch.number);
  sent_.set_complete(batch.complete);
  for (const RefusedSession& refused : batch.sessions) {
    v1::RevokedSession& session = *sent_.add_sessions();
    session.set_id(refused.session.value());
    session.set_refused_until(refused.until.value);
  }
  writing_ = true;
  StartWrite(&sent_);
}

void RevocationStream::OnWriteDone(bool) {
  {
    MutexLock lock(&mutex_);
    writing_ = false;
  }
  // One that failed has failed the read, too.
  GoOn();
}

void RevocationStream::OnReadDone(bool ok) {
  if (ok) {
    watcher_->Acknowledge(received_.acknowledged());
    return StartRead(&received_);
  }
  {
    MutexLock lock(&mutex_);
    client_ended_ = true;
  }
  GoOn();
}

void RevocationStream::OnDone() {
  // What was posted to the loop may hold the rest of it.
  watcher_.reset();
  loop_.Post([self = std::move(until_done_)] {});
}

}  // namespace tidemark::auth
