// Waiting for two things at once.
//
//   auto [decision, read] = co_await Both(limiter.Acquire(ask), cache.Read(user));
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "common/async/completion.h"
#include "common/async/event_loops.h"
#include "common/async/task.h"

namespace tidemark {
namespace async_internal {

template <typename T>
struct Beside {
  std::optional<T> result;
  // Called when there is a result; null until somebody waits.
  Completion<bool> ready;
};

template <typename T>
Task<void> RunBeside(std::shared_ptr<Beside<T>> beside, Task<T> task) {
  beside->result = co_await std::move(task);
  if (beside->ready) beside->ready(true);
}

}  // namespace async_internal

// Runs both on the current loop, side by side, and returns when both have ended.
template <typename First, typename Second>
Task<std::pair<First, Second>> Both(Task<First> first, Task<Second> second) {
  auto beside = std::make_shared<async_internal::Beside<Second>>();
  boost::asio::co_spawn(co_await boost::asio::this_coro::executor,
                        async_internal::RunBeside(beside, std::move(second)), EndIfThrown);
  First result = co_await std::move(first);
  if (!beside->result) {
    co_await Await<bool>([&beside](Completion<bool> ready) { beside->ready = std::move(ready); });
  }
  co_return std::pair<First, Second>(std::move(result), *std::move(beside->result));
}

}  // namespace tidemark
