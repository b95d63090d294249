// HandleStream. Only transport .cc files include this.
#pragma once

#include <functional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "common/async/completion.h"
#include "common/async/watchdog.h"
#include "common/mutex/mutex.h"
#include "common/rpc/handler.h"
#include "common/rpc/incoming_call.h"

namespace tidemark::rpc {

// Owns itself, as a unary call does (handler.cc). A client that has gone makes the next Write fail and is
// told to WhenGone, and the body is to return then.
template <typename Message>
class StreamCall final : public grpc::ServerWriteReactor<Message>, public StreamWriter<Message> {
 public:
  using Body = std::function<Task<absl::Status>(ServerCall&, StreamWriter<Message>&)>;

  StreamCall(grpc::CallbackServerContext* context, Body body, absl::Duration write_timeout)
      : context_(context), incoming_(context), body_(std::move(body)), write_timeout_(write_timeout) {}

  Task<void> Run() {
    Watchdog too_slow(EventLoop::Current()->executor(), [context = context_] { context->TryCancel(); });
    too_slow_ = &too_slow;
    const grpc::Status status = co_await incoming_.Answer([this] { return body_(incoming_.call(), *this); });
    this->Finish(status);
    // *this may be gone.
  }

  Task<absl::Status> Write(Message message) override {
    if (!std::exchange(begun_, true)) incoming_.AnnounceTrailers();
    message_ = std::move(message);
    too_slow_->Set(write_timeout_);
    const bool taken = co_await Await<bool>([this](Completion<bool> done) {
      written_ = std::move(done);
      this->StartWrite(&message_);
    });
    too_slow_->Clear();
    if (!taken) co_return absl::CancelledError("the client has gone, or does not read");
    co_return absl::OkStatus();
  }

  void WhenGone(std::function<void()> gone) override {
    {
      MutexLock lock(&mutex_);
      if (!is_gone_) {
        gone_ = std::move(gone);
        return;
      }
    }
    gone();
  }

  void OnWriteDone(bool ok) override { std::exchange(written_, nullptr)(ok); }
  void OnCancel() override {
    std::function<void()> gone;
    {
      MutexLock lock(&mutex_);
      is_gone_ = true;
      gone = std::exchange(gone_, nullptr);
    }
    if (gone) gone();
  }
  void OnDone() override { delete this; }

 private:
  grpc::CallbackServerContext* const context_;
  IncomingCall incoming_;
  Body body_;
  const absl::Duration write_timeout_;
  // Of the Run under way. Without it a client that does not read would hold a message for ever.
  Watchdog* too_slow_ = nullptr;
  bool begun_ = false;
  // gRPC reads it until OnWriteDone.
  Message message_;
  Completion<bool> written_;
  Mutex mutex_;
  bool is_gone_ ABSL_GUARDED_BY(mutex_) = false;
  std::function<void()> gone_ ABSL_GUARDED_BY(mutex_);
};

template <typename Message>
grpc::ServerWriteReactor<Message>* HandleStream(
    EventLoops& loops, grpc::CallbackServerContext* context,
    std::function<Task<absl::Status>(ServerCall&, StreamWriter<Message>&)> body,
    absl::Duration write_timeout) {
  auto* call = new StreamCall<Message>(context, std::move(body), write_timeout);
  Spawn(loops.Next(), [call] { return call->Run(); });
  return call;
}

}  // namespace tidemark::rpc
