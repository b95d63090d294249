// Completion<T>: turns "call me back" into co_await.
//
//   Task<int> Answer() {
//     co_return co_await Await<int>([&](Completion<int> done) { worker.Post([done] { done(42); }); });
//   }
#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
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
// on the current loop.
template <typename T, typename Start>
Task<T> Await(Start start) {
  // asio's result must be default constructible on some paths; optional makes any T so.
  std::optional<T> result =
      co_await boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(std::optional<T>)>(
          [&start](auto handler) {
            auto shared = std::make_shared<decltype(handler)>(std::move(handler));
            auto work = boost::asio::prefer(boost::asio::get_associated_executor(*shared),
                                            boost::asio::execution::outstanding_work.tracked);
            start(Completion<T>([shared, work](T value) {
              boost::asio::post(work, [shared, value = std::optional<T>(std::move(value))]() mutable {
                std::move (*shared)(std::move(value));
              });
            }));
          },
          boost::asio::use_awaitable);
  co_return *std::move(result);
}

}  // namespace tidemark
