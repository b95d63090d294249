// Task<T>: a coroutine that runs on an event loop and never blocks it.
//
//   Task<absl::StatusOr<Head>> ReadHead(UserId user) {
//     absl::StatusOr<redis::Reply> reply = co_await redis_.Command(GetHead(user));
//     ...
//     co_return head;
//   }
//
// A Task starts when it is awaited and resumes on the loop that awaited it. Parameters are taken by value
// (a reference would outlive its call). Failures are absl::Status values; nothing throws through a Task.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace tidemark {

template <typename T>
using Task = boost::asio::awaitable<T>;

}  // namespace tidemark
