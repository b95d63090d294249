// What is measured: which requests a user's turn is made of, and which answers are right.
//
//   check, herd    the current ETag, answered 304
//   stale-check    an earlier ETag, answered 200
//   sync, push     changes pushed and the rest pulled, in one request; the device goes on from the answer
//   first-pull     all of the user's tasks, page by page, as for a new device
//   login          address and password
#pragma once

#include <cstddef>
#include <memory>

#include "bench/load/exchange.h"
#include "bench/load/plan.h"
#include "bench/users/users_file.h"

namespace tidemark::bench {

enum class Outcome {
  kDone,
  // The request was changed to the next one of the turn.
  kMore,
  kUnexpected,
};

class Work {
 public:
  virtual ~Work() = default;
  // The first request of a turn of `user`.
  virtual Ask Begin(std::size_t user) = 0;
  // `reply`, which is ok, answers `ask`.
  virtual Outcome Hear(std::size_t user, const Reply& reply, Ask& ask) = 0;
};

// `users` outlives the work, and is kept true by it. Throws Failed if there is no work of that name.
std::unique_ptr<Work> NewWork(const WorkPlan& plan, UsersFile& users);

}  // namespace tidemark::bench
