// Completion<T>: turns "call me back" into co_await.
//
//   Task<int> Answer() {
//     co_return co_await Await<int>([&](Completion<int> done) { worker.Post([done] { done(42); }); });
//   }
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "common/async/task.h"

namespace tidemark {

// Called exactly once, from any thread; the awaiting task resumes on its own loop.
template <typename T>
using Completion = std::function<void(T)>;

// Suspends until the Completion given to `start` is called, and returns its argument. `start` runs at once,
// on the current loop, and may already call it.
template <typename T, typename Start>
Task<T> Await(Start start) {
  // asio needs a default constructible result on some paths; optional makes any T so.
  std::optional<T> result =
      co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::optional<T>)>(
          [&start](auto handler) {
            // std::function must be copyable, asio's handler is not.
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            start(Completion<T>([shared](T value) {
              // Always posted, never run here: the caller may hold a lock, or be this very loop inside
              // `start`.
              auto executor = boost::asio::get_associated_executor(*shared);
              boost::asio::post(executor, [shared, result = std::optional<T>(std::move(value))]() mutable {
                std::move (*shared)(std::move(result));
              });
            }));
          },
          boost::asio::use_awaitable);
  co_return *std::move(result);
}

}  // namespace tidemark
