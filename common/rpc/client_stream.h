// Reading a server stream of another process.
//
//   std::unique_ptr<rpc::StreamReader<v1::WatchResponse>> reader =
//       rpc::OpenStream<v1::WatchResponse>(streams, call, request, [&](auto* context, auto* sent, auto*
//       reactor) {
//         stub->async()->Watch(context, sent, reactor);
//       });
//   for (;;) {
//     absl::StatusOr<std::optional<v1::WatchResponse>> message = co_await reader->Read();
//     if (!message.ok() || !message->has_value()) break;
//     …
//   }
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/client_callback.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "common/async/completion.h"
#include "common/async/event_loops.h"
#include "common/async/task.h"
#include "common/async/watchdog.h"
#include "common/mutex/mutex.h"
#include "common/rpc/client.h"

namespace tidemark::rpc {

// Messages of a server stream, in order. To be used on one loop. Destroying it gives the stream up; not while
// a Read is under way.
template <typename Message>
class StreamReader {
 public:
  virtual ~StreamReader() = default;
  // The next message, when it has come. Nothing: the stream has ended well. An error has ended it, too:
  // CANCELLED after Cancel, DEADLINE_EXCEEDED if nothing came in time, otherwise the service's own, or
  // UNAVAILABLE when the connection was lost. One Read at a time; what is not read is not sent
  // (backpressure).
  virtual Task<absl::StatusOr<std::optional<Message>>> Read() = 0;
  // Makes the Read under way, and every later one, end soon.
  virtual void Cancel() = 0;
  // What the service has said besides messages: after the first message what it knew by then, after the end
  // all of it.
  virtual std::map<std::string, std::string> trailers() const = 0;
};

// Counts streams that have not ended yet. Whoever opens streams on a stub holds one beside it, destroyed
// first: it waits for their ends, so that gRPC's own threads never let go of the last channel (client.h).
class OpenStreams {
 public:
  ~OpenStreams();

  // One stream, from its construction to its destruction.
  class Entry {
   public:
    explicit Entry(OpenStreams& streams);
    ~Entry();
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    OpenStreams& streams_;
  };

 private:
  Mutex mutex_;
  CondVar changed_;
  int open_ ABSL_GUARDED_BY(mutex_) = 0;
};

// What gRPC writes to. Owns itself until gRPC is done with it, as it may be given up before.
template <typename Request, typename Message>
class StreamCallState final : public grpc::ClientReadReactor<Message>,
                              public std::enable_shared_from_this<StreamCallState<Request, Message>> {
 public:
  StreamCallState(OpenStreams& streams, Request request) : entry_(streams), request_(std::move(request)) {}

  template <typename Start>
  void Open(const ClientCall& call, Start start) {
    AddMetadata(call, context_);
    until_done_ = this->shared_from_this();
    start(&context_, &request_, this);
    // Reads are started from outside of gRPC's callbacks. Without a hold it may be done before they are.
    this->AddHold();
    this->StartCall();
  }

  // True: message() has come. False: there is none any more, and status() is set.
  Task<bool> Read() {
    co_return co_await Await<bool>([this](Completion<bool> done) {
      read_ = std::move(done);
      this->StartRead(&message_);
    });
  }
  void Cancel() { context_.TryCancel(); }
  // Instead of the Read that would have come next.
  void GiveUp() {
    Cancel();
    this->RemoveHold();
  }

  Message& message() { return message_; }
  const grpc::Status& status() const { return status_; }
  const grpc::ClientContext& context() const { return context_; }

  void OnReadDone(bool ok) override {
    if (ok) {
      std::exchange(read_, nullptr)(true);
    } else {
      this->RemoveHold();  // and OnDone follows
    }
  }

  void OnDone(const grpc::Status& status) override {
    const auto self = std::move(until_done_);
    status_ = status;
    if (read_ != nullptr) std::exchange(read_, nullptr)(false);
  }

 private:
  // First, so that it is destroyed last: after the context, which holds the channel.
  const OpenStreams::Entry entry_;
  grpc::ClientContext context_;
  const Request request_;
  Message message_;
  grpc::Status status_;
  Completion<bool> read_;
  std::shared_ptr<StreamCallState> until_done_;
};

template <typename Request, typename Message>
class CallReader final : public StreamReader<Message> {
 public:
  CallReader(std::shared_ptr<StreamCallState<Request, Message>> state, absl::Duration timeout)
      : state_(std::move(state)), timeout_(timeout), watchdog_(EventLoop::Current()->executor(), [this] {
          timed_out_ = true;
          state_->Cancel();
        }) {}
  ~CallReader() override {
    if (!ended_) state_->GiveUp();
  }

  Task<absl::StatusOr<std::optional<Message>>> Read() override {
    if (ended_) co_return End();
    if (timeout_ != absl::InfiniteDuration()) watchdog_.Set(timeout_);
    const bool came = co_await state_->Read();
    watchdog_.Clear();
    if (came) {
      begun_ = true;
      co_return std::move(state_->message());
    }
    ended_ = true;
    co_return End();
  }

  void Cancel() override {
    cancelled_ = true;
    if (!ended_) state_->Cancel();
  }

  std::map<std::string, std::string> trailers() const override {
    ClientCall taken;
    if (begun_) TakeHeaders(state_->context(), taken);
    if (ended_) TakeTrailers(state_->context(), taken);
    return std::move(taken.trailers);
  }

 private:
  absl::StatusOr<std::optional<Message>> End() const {
    if (state_->status().ok()) return std::nullopt;
    if (cancelled_) return absl::CancelledError("the stream was given up");
    if (timed_out_) return absl::DeadlineExceededError("the next message did not come in time");
    return FromGrpc(state_->status());
  }

  const std::shared_ptr<StreamCallState<Request, Message>> state_;
  const absl::Duration timeout_;
  Watchdog watchdog_;
  bool begun_ = false;
  bool ended_ = false;
  bool cancelled_ = false;
  bool timed_out_ = false;
};

// `call` says what travels with it; call.timeout is for each message, absl::InfiniteDuration() for a stream
// that may rest. `start` gives the call to a stub. On the loop that will read. `streams` outlives the stream.
template <typename Message, typename Request, typename Start>
std::unique_ptr<StreamReader<Message>> OpenStream(OpenStreams& streams, const ClientCall& call,
                                                  Request request, Start start) {
  auto state = std::make_shared<StreamCallState<Request, Message>>(streams, std::move(request));
  state->Open(call, std::move(start));
  return std::make_unique<CallReader<Request, Message>>(std::move(state), call.timeout);
}

}  // namespace tidemark::rpc
