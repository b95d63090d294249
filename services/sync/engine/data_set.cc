#include "services/sync/engine/data_set.h"

#include <algorithm>
#include <utility>

namespace tidemark::sync {
namespace {

constexpr absl::Duration kRenewAfter = absl::Seconds(1);
constexpr absl::Duration kSuspension = absl::Seconds(60);
// A generation of this age was seen by all, also where the commit that raised it took long.
constexpr absl::Duration kSeenByAll = absl::Minutes(1);

}  // namespace

Task<absl::StatusOr<DataSetState>> DataSet::Current() {
  std::optional<DataSetState> fresh = FreshEnough();
  if (fresh) co_return *std::move(fresh);
  // The age of a reading counts from before it was asked for.
  const UnixMillis asked_at = clock_.Now();
  absl::StatusOr<DataSetState> read = co_await store_.ReadDataSet();
  MutexLock lock(&mutex_);
  renewing_ = false;
  if (read.ok()) Keep(*read, asked_at);
  if (!state_) co_return read.status();
  co_return Outdated();
}

std::optional<DataSetState> DataSet::FreshEnough() {
  MutexLock lock(&mutex_);
  if (state_ && Since(read_at_) < kRenewAfter) return state_;
  if (state_ && renewing_) return Outdated();
  renewing_ = true;
  return std::nullopt;
}

DataSetState DataSet::Outdated() const {
  DataSetState state = *state_;
  if (Since(read_at_) > kReadingMax && !store_.IsAway()) {
    state.suspended_for = std::max(state.suspended_for, kReadingMax);
  }
  return state;
}

Task<absl::StatusOr<DataSetState>> DataSet::SuspendCache() {
  const UnixMillis asked_at = clock_.Now();
  absl::StatusOr<DataSetState> state = co_await store_.SuspendCache(kSuspension, kUnfencedMin);
  if (!state.ok()) co_return state;
  MutexLock lock(&mutex_);
  Keep(*state, asked_at);
  co_return state;
}

std::optional<DataSetState> DataSet::Last() const {
  MutexLock lock(&mutex_);
  if (!state_) return std::nullopt;
  DataSetState state = *state_;
  state.suspended_for = std::max(absl::ZeroDuration(), state.suspended_for - Since(read_at_));
  return state;
}

void DataSet::Learn(const DataSetState& reading, UnixMillis asked_at) {
  MutexLock lock(&mutex_);
  Keep(reading, asked_at);
}

Task<void> DataSet::Settle(DataSetState reading) {
  if (reading.generation_age >= kSeenByAll) co_return;
  const absl::Duration left = kReadingMax - SinceSeen();
  if (left > absl::ZeroDuration()) co_await sleep_(left);
}

void DataSet::Keep(const DataSetState& reading, UnixMillis asked_at) {
  if (!state_ || state_->epoch != reading.epoch || state_->generation != reading.generation) {
    seen_at_ = clock_.Now();
  }
  state_ = reading;
  read_at_ = asked_at;
}

absl::Duration DataSet::SinceSeen() {
  MutexLock lock(&mutex_);
  return Since(seen_at_);
}

absl::Duration DataSet::Since(UnixMillis then) const {
  const int64_t millis = clock_.Now().value - then.value;
  return millis < 0 ? absl::InfiniteDuration() : absl::Milliseconds(millis);
}

}  // namespace tidemark::sync
