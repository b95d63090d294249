// Policies: how many tokens a bucket holds, and when it gets more (SPEC 7).
//
//   PolicySet policies;
//   absl::Status added = policies.Add({"sync", TokenBucket{10, absl::Hours(4)}});
//   const Policy* sync = policies.Find("sync");
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/ratelimit/domain/day.h"

namespace tidemark::ratelimit {

// Holds up to `capacity` tokens, gains one per interval, starts full.
struct TokenBucket {
  int64_t capacity = 0;
  // Whole milliseconds.
  absl::Duration refill_interval;
};

// Holds `limit` tokens at each midnight UTC.
struct DailyCounter {
  int64_t limit = 0;
};

struct Policy {
  // 1–64 of a–z 0–9 _.
  std::string name;
  std::variant<TokenBucket, DailyCounter> kind;
};

// An empty bucket is to be full within this time: then every sum of a time and a wait is exact in the doubles
// of Redis' Lua, which count to 2^53.
inline constexpr absl::Duration kWindowMax = absl::Hours(24 * 36'525);

// The most that a bucket ever holds.
int64_t LimitOf(const TokenBucket& kind);
int64_t LimitOf(const DailyCounter& kind);
int64_t LimitOf(const Policy& policy);

// How long an empty bucket takes to be full; a day for a daily counter.
absl::Duration WindowOf(const TokenBucket& kind);
absl::Duration WindowOf(const DailyCounter& kind);
absl::Duration WindowOf(const Policy& policy);

// Policies that are within bounds and have names of their own. Thread-safe once filled.
class PolicySet {
 public:
  // INVALID_ARGUMENT: a bad or taken name, a number below 1, or a window above kWindowMax.
  absl::Status Add(Policy policy);
  // Null if no policy has that name. Lives as long as the set is not changed.
  const Policy* Find(std::string_view name) const;
  // By name.
  const std::map<std::string, Policy, std::less<>>& all() const { return policies_; }

 private:
  std::map<std::string, Policy, std::less<>> policies_;
};

}  // namespace tidemark::ratelimit
