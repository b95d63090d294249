// What a run of tidemark-load does.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tidemark::bench {

using Time = std::chrono::steady_clock::time_point;

// When requests are sent.
struct PacePlan {
  // The run ends after as many, or, if it is 0, after `duration`.
  int64_t requests = 0;
  std::chrono::nanoseconds duration{0};
  // What is sent before does not count.
  std::chrono::nanoseconds warmup{0};
  // A second. 0: closed loop, the next is sent when there is an answer.
  double rate = 0;
};

// What is sent.
struct WorkPlan {
  std::string name;
  // Of a push.
  int64_t changes = 1;
  // Entries of a page.
  int64_t limit = 1'000;
};

}  // namespace tidemark::bench
