#include "services/sync/engine/active_users.h"

#include <algorithm>
#include <utility>

#include "services/sync/domain/stable_hash.h"

namespace tidemark::sync {
namespace {

constexpr int64_t kMillisOfDay = 24 * 3600 * 1000;

uint64_t HashOf(const UserId& user) {
  StableHash hash;
  hash.Add(user.value());
  return hash.value();
}

}  // namespace

void ActiveUsers::Note(const UserId& user) {
  const uint64_t hash = HashOf(user);
  MutexLock lock(&mutex_);
  BeginDayIfNew();
  if (known_.size() >= kKnownMax && !known_.contains(hash)) known_.clear();
  if (known_.insert(hash).second && new_.size() < kKnownMax) new_.push_back(hash);
}

Task<void> ActiveUsers::Report(UserCounter& counter) {
  const Batch batch = TakeNew();
  const absl::StatusOr<int64_t> count = co_await counter.Add(batch.day, batch.users);
  Learn(batch, count);
}

std::optional<int64_t> ActiveUsers::Today() const {
  MutexLock lock(&mutex_);
  return day_ == CurrentDay() ? count_ : std::nullopt;
}

void ActiveUsers::Show(metrics::Readings& readings) const {
  readings.Gauge(
      "tidemark_active_users",
      "Users that synced since midnight UTC, through all processes; to about 1 %, and up to half a "
      "minute old.",
      {}, [this]() -> std::optional<double> {
        const std::optional<int64_t> today = Today();
        if (!today) return std::nullopt;
        return static_cast<double>(*today);
      });
}

DayNumber ActiveUsers::CurrentDay() const { return {clock_.Now().value / kMillisOfDay}; }

// A clock that goes back over midnight begins no new day.
void ActiveUsers::BeginDayIfNew() {
  const DayNumber now = CurrentDay();
  if (now <= day_) return;
  day_ = now;
  known_.clear();
  new_.clear();
  count_.reset();
}

ActiveUsers::Batch ActiveUsers::TakeNew() {
  MutexLock lock(&mutex_);
  BeginDayIfNew();
  return {day_, std::exchange(new_, {})};
}

void ActiveUsers::Learn(const Batch& batch, const absl::StatusOr<int64_t>& count) {
  MutexLock lock(&mutex_);
  if (batch.day != day_) return;
  if (count.ok()) {
    count_ = *count;
  } else {
    const size_t room = kKnownMax - std::min(kKnownMax, new_.size());
    const size_t kept = std::min(room, batch.users.size());
    new_.insert(new_.end(), batch.users.begin(), batch.users.begin() + static_cast<std::ptrdiff_t>(kept));
  }
}

}  // namespace tidemark::sync
