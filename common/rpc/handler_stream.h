// HandleStream. Only transport .cc files include this.
#pragma once

#include <functional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "common/async/completion.h"
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

  StreamCall(grpc::CallbackServerContext* context, Body body) : incoming_(context), body_(std::move(body)) {}

  Task<void> Run() {
    const grpc::Status status = co_await incoming_.Answer([this] { return body_(incoming_.call(), *this); });
    this->Finish(status);
    // *this may be gone.
  }

  Task<absl::Status> Write(Message message) override {
    if (!std::exchange(begun_, true)) incoming_.AnnounceTrailers();
    message_ = std::move(message);
    const bool taken = co_await Await<bool>([this](Completion<bool> done) {
      written_ = std::move(done);
      this->StartWrite(&message_);
    });
    if (!taken) co_return absl::CancelledError("the client has gone");
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
  IncomingCall incoming_;
  Body body_;
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
    std::function<Task<absl::Status>(ServerCall&, StreamWriter<Message>&)> body) {
  auto* call = new StreamCall<Message>(context, std::move(body));
  Spawn(loops.Next(), [call] { return call->Run(); });
  return call;
}

}  // namespace tidemark::rpc
