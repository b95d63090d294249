// What a pool counts and measures for /metrics.
#pragma once

#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "common/metrics/metrics.h"
#include "common/pg/pool.h"

namespace tidemark::pg {

// tidemark_postgres_jobs_refused_total{rank,reason}. Thread-safe.
class RefusedJobs {
 public:
  enum class Reason { kFull, kLate };

  // Null: nothing is counted.
  explicit RefusedJobs(metrics::Registry* registry);
  void Count(Rank rank, Reason reason) const;

 private:
  // By rank, then by reason.
  std::array<std::array<metrics::Counter*, 2>, 2> counters_ = {};
};

// tidemark_postgres_query_seconds{statement} and tidemark_postgres_statements_total{kind}, of one connection:
// for one thread.
class QueryTimes {
 public:
  // Null: nothing is measured.
  explicit QueryTimes(metrics::Registry* registry);
  void CountStatements(int reads, int writes) const;
  // A script whose first statement of ours is `statement`, one of a bounded number.
  void Observe(const std::string& statement, absl::Duration took);

 private:
  metrics::Registry* const registry_;
  std::array<metrics::Counter*, 2> statements_ = {};
  // Filled as they come: most statements are never the first.
  std::unordered_map<std::string, metrics::Histogram*> seconds_;
};

// For Rank as a label.
const char* NameOf(Rank rank);

}  // namespace tidemark::pg
