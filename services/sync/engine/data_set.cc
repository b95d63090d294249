#include "services/sync/engine/data_set.h"

#include <utility>

namespace tidemark::sync {
namespace {

constexpr absl::Duration kRenewAfter = absl::Seconds(1);
constexpr absl::Duration kReadingMax = absl::Seconds(2);
constexpr absl::Duration kSuspension = absl::Seconds(60);
// A suspension younger than this covers another push: what is left of it is more than a transaction can take.
constexpr absl::Duration kSuspensionCovers = absl::Seconds(10);

}  // namespace

Task<absl::StatusOr<DataSetState>> DataSet::Current() {
  std::optional<DataSetState> fresh = FreshEnough();
  if (fresh) co_return *std::move(fresh);
  // The age of a reading counts from before it was asked for.
  const UnixMillis asked_at = clock_.Now();
  absl::StatusOr<DataSetState> read = co_await store_.ReadDataSet();
  MutexLock lock(&mutex_);
  renewing_ = false;
  store_away_ = !read.ok();
  if (read.ok()) {
    state_ = *read;
    read_at_ = asked_at;
  }
  if (!state_) co_return read.status();
  co_return *state_;
}

std::optional<DataSetState> DataSet::FreshEnough() {
  MutexLock lock(&mutex_);
  const absl::Duration age = Since(read_at_);
  if (state_ && age < kRenewAfter) return state_;
  if (state_ && renewing_) {
    DataSetState state = *state_;
    if (age > kReadingMax && !store_away_) state.cache_suspended = true;
    return state;
  }
  renewing_ = true;
  return std::nullopt;
}

Task<absl::Status> DataSet::SuspendCache() {
  const absl::Duration since = SinceSuspended();
  if (since < kSuspensionCovers) co_return absl::OkStatus();
  const UnixMillis asked_at = clock_.Now();
  absl::Status written = co_await store_.SuspendCache(kSuspension);
  if (!written.ok()) co_return written;
  // While the earlier one is in force nobody uses the cache, and nobody need be waited for.
  if (since > kSuspension / 2) co_await sleep_(kReadingMax);
  MutexLock lock(&mutex_);
  suspended_at_ = asked_at;
  // This process knows already.
  if (state_) state_->cache_suspended = true;
  co_return absl::OkStatus();
}

absl::Duration DataSet::SinceSuspended() {
  MutexLock lock(&mutex_);
  return suspended_at_ ? Since(*suspended_at_) : absl::InfiniteDuration();
}

absl::Duration DataSet::Since(UnixMillis then) const {
  const int64_t millis = clock_.Now().value - then.value;
  return millis < 0 ? absl::InfiniteDuration() : absl::Milliseconds(millis);
}

}  // namespace tidemark::sync
