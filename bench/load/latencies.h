// How long requests took, in buckets no wider than 1/128 of what they hold: a quantile is true to 0.4 %, in
// memory that does not grow.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace tidemark::bench {

class Latencies {
 public:
  // A negative one counts as none at all.
  void Add(std::chrono::nanoseconds latency);
  void Add(const Latencies& others);

  // What `share` of all took no longer than; zero if there are none. 0 <= `share` <= 1.
  std::chrono::nanoseconds Quantile(double share) const;
  // Exact.
  std::chrono::nanoseconds max() const { return max_; }
  int64_t count() const { return count_; }

 private:
  std::vector<int64_t> buckets_;
  int64_t count_ = 0;
  std::chrono::nanoseconds max_{0};
};

}  // namespace tidemark::bench
