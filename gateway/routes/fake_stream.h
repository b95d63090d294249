// Server streams that a test plays.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "common/async/completion.h"
#include "common/mutex/mutex.h"
#include "common/rpc/client_stream.h"

namespace tidemark::gateway {

inline constexpr absl::Duration kTestPatience = absl::Seconds(10);

// Thread-safe.
template <typename Message>
class FakeStream {
 public:
  using Result = absl::StatusOr<std::optional<Message>>;

  void Send(Message message) { Put(std::move(message)); }
  void End(const absl::Status& status) {
    if (status.ok()) {
      Put(std::nullopt);
    } else {
      Put(status);
    }
  }
  // True once nobody wants more.
  bool IsGivenUp() {
    MutexLock lock(&mutex_);
    const auto deadline = CondVar::In(kTestPatience);
    while (!given_up_) {
      if (!changed_.WaitUntil(mutex_, deadline)) return false;
    }
    return true;
  }

  // The reader's side.
  Task<Result> Read() {
    co_return co_await Await<Result>([this](Completion<Result> done) {
      MutexLock lock(&mutex_);
      waiting_ = std::move(done);
      Deliver();
    });
  }
  void GiveUp() {
    MutexLock lock(&mutex_);
    given_up_ = true;
    changed_.NotifyAll();
    results_.push_back(absl::CancelledError("given up"));
    Deliver();
  }

 private:
  void Put(Result result) {
    MutexLock lock(&mutex_);
    results_.push_back(std::move(result));
    Deliver();
  }
  void Deliver() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    if (waiting_ == nullptr || results_.empty()) return;
    std::exchange(waiting_, nullptr)(std::move(results_.front()));
    results_.pop_front();
  }

  Mutex mutex_;
  CondVar changed_;
  std::deque<Result> results_ ABSL_GUARDED_BY(mutex_);
  Completion<Result> waiting_ ABSL_GUARDED_BY(mutex_);
  bool given_up_ ABSL_GUARDED_BY(mutex_) = false;
};

template <typename Message>
class FakeReader : public rpc::StreamReader<Message> {
 public:
  FakeReader(std::shared_ptr<FakeStream<Message>> stream, std::map<std::string, std::string> trailers)
      : stream_(std::move(stream)), trailers_(std::move(trailers)) {}
  ~FakeReader() override { stream_->GiveUp(); }
  Task<absl::StatusOr<std::optional<Message>>> Read() override { return stream_->Read(); }
  void Cancel() override { stream_->GiveUp(); }
  std::map<std::string, std::string> trailers() const override { return trailers_; }

 private:
  const std::shared_ptr<FakeStream<Message>> stream_;
  const std::map<std::string, std::string> trailers_;
};

// Remembers what it was asked. Each of its streams sends `parts` and ends with `end`, or goes on as the test
// plays it if that is nothing.
template <typename Request, typename Message>
class FakeStreamCall {
 public:
  std::unique_ptr<rpc::StreamReader<Message>> operator()(const rpc::ClientCall& call, Request request) {
    auto stream = std::make_shared<FakeStream<Message>>();
    for (const Message& part : parts) stream->Send(part);
    if (end) stream->End(*end);
    MutexLock lock(&mutex_);
    asked.push_back(std::move(request));
    authorization = call.authorization;
    opened_.push_back(stream);
    changed_.NotifyAll();
    return std::make_unique<FakeReader<Message>>(std::move(stream), trailers);
  }

  // The next stream that is opened; null if none is (within kTestPatience).
  std::shared_ptr<FakeStream<Message>> Next() {
    MutexLock lock(&mutex_);
    const auto deadline = CondVar::In(kTestPatience);
    while (opened_.empty()) {
      if (!changed_.WaitUntil(mutex_, deadline)) return nullptr;
    }
    auto stream = std::move(opened_.front());
    opened_.pop_front();
    return stream;
  }

  std::vector<Message> parts;
  std::optional<absl::Status> end = absl::OkStatus();
  std::map<std::string, std::string> trailers;
  std::vector<Request> asked;
  std::string authorization;

 private:
  Mutex mutex_;
  CondVar changed_;
  std::deque<std::shared_ptr<FakeStream<Message>>> opened_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::gateway
