// A fixed set of single-threaded event loops. All network waiting of a process happens on them.
//
//   EventLoops loops(2);
//   Spawn(loops.Next(), [&]() -> Task<void> { co_await engine.Check(...); });
//   int answer = RunBlocking(loops.Next(), [&]() -> Task<int> { co_return 42; });   // main and tests only
//
// Whatever completes a task from a thread of its own (a pg::Pool, a gRPC client) is destroyed before the
// loops.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/async/task.h"

namespace tidemark {

// One thread that runs what is posted to it, in order.
class EventLoop {
 public:
  // `index` is its place among its EventLoops.
  explicit EventLoop(int index);
  // Stops the loop and joins its thread. What is still waiting is dropped.
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  int index() const { return index_; }
  boost::asio::any_io_executor executor();

  // Runs `work` on this loop's thread, later. Thread-safe.
  void Post(std::function<void()> work);

  // The loop whose thread this is, or null.
  static EventLoop* Current();

 private:
  friend class EventLoops;
  struct Impl;

  void Stop();

  const int index_;
  std::unique_ptr<Impl> impl_;
  std::thread thread_;
};

// Thread-safe.
class EventLoops {
 public:
  // `count` >= 1.
  explicit EventLoops(int count);
  // Stops them all before the first is destroyed: they post to each other.
  ~EventLoops();
  int size() const { return static_cast<int>(loops_.size()); }
  EventLoop& at(int index) { return *loops_[index]; }
  // Each in turn, for spreading what arrives.
  EventLoop& Next();

 private:
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::atomic<unsigned> next_{0};
};

// Starts `body` on `loop` and does not wait. `body` is kept alive until its task ends.
void Spawn(EventLoop& loop, std::function<Task<void>()> body);

// Nothing throws through a Task; what does is a bug, and ends the process with its message.
void EndIfThrown(std::exception_ptr thrown);

// Waits on the current loop without blocking it.
Task<void> Sleep(absl::Duration duration);

// Runs `body` on `loop` and blocks the calling thread, which must not be a loop's, until it ends.
template <typename T>
T RunBlocking(EventLoop& loop, std::function<Task<T>()> body) {
  // Shared: the loop may still be inside set_value when the caller goes on.
  auto promise = std::make_shared<std::promise<T>>();
  std::future<T> future = promise->get_future();
  Spawn(loop, [promise, body = std::move(body)]() -> Task<void> {
    if constexpr (std::is_void_v<T>) {
      co_await body();
      promise->set_value();
    } else {
      promise->set_value(co_await body());
    }
  });
  return future.get();
}

}  // namespace tidemark
