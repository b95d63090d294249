#include "services/sync/engine/data_set.h"

#include <algorithm>
#include <utility>

namespace tidemark::sync {
namespace {

constexpr absl::Duration kRenewAfter = absl::Seconds(1);
constexpr absl::Duration kSuspension = absl::Seconds(60);

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
  if (read.ok()) Keep(*read, asked_at);
  if (!state_) co_return read.status();
  co_return *state_;
}

std::optional<DataSetState> DataSet::FreshEnough() {
  MutexLock lock(&mutex_);
  if (state_ && Age() < kRenewAfter) return state_;
  if (state_ && renewing_) {
    DataSetState state = *state_;
    if (Age() > kReadingMax && !store_away_) state.suspended_for = std::max(state.suspended_for, kReadingMax);
    return state;
  }
  renewing_ = true;
  return std::nullopt;
}

Task<absl::StatusOr<DataSetState>> DataSet::SuspendCache() {
  const UnixMillis asked_at = clock_.Now();
  absl::StatusOr<DataSetState> state = co_await store_.SuspendCache(kSuspension, kPushMax);
  if (!state.ok()) co_return state;
  MutexLock lock(&mutex_);
  Keep(*state, asked_at);
  co_return state;
}

void DataSet::Learn(const DataSetState& reading, UnixMillis asked_at) {
  MutexLock lock(&mutex_);
  Keep(reading, asked_at);
}

Task<void> DataSet::Settle(DataSetState reading) {
  const absl::Duration left = kReadingMax - reading.generation_age;
  if (left > absl::ZeroDuration()) co_await sleep_(left);
}

void DataSet::Keep(const DataSetState& reading, UnixMillis asked_at) {
  if (state_ && state_->epoch == reading.epoch && reading.generation < state_->generation) return;
  state_ = reading;
  read_at_ = asked_at;
}

absl::Duration DataSet::Age() const {
  const int64_t millis = clock_.Now().value - read_at_.value;
  return millis < 0 ? absl::InfiniteDuration() : absl::Milliseconds(millis);
}

}  // namespace tidemark::sync
