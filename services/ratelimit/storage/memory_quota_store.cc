#include "services/ratelimit/storage/memory_quota_store.h"

namespace tidemark::ratelimit {

Task<absl::StatusOr<Day>> MemoryQuotaStore::Add(QuotaReport report, std::optional<UnixMillis> now) {
  const UnixMillis at = now.value_or(clock_.Now());
  MutexLock lock(&mutex_);
  const auto last = numbers_.find(report.reporter);
  const bool is_new = last == numbers_.end() || report.number > last->second;
  if (report.reporter.empty() || !is_new) co_return Added(day_, {}, at);
  if (day_ && IsOver(*day_, at)) numbers_.clear();
  day_ = Added(day_, report.counts, at);
  numbers_[report.reporter] = report.number;
  co_return *day_;
}

}  // namespace tidemark::ratelimit
