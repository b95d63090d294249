#include "services/sync/engine/data_set.h"

namespace tidemark::sync {
namespace {

constexpr int64_t kRenewAfterMillis = 1000;

}  // namespace

Task<absl::StatusOr<Epoch>> DataSet::CurrentEpoch() {
  if (std::optional<Epoch> epoch = FreshEnough()) co_return *std::move(epoch);
  absl::StatusOr<Epoch> read = co_await store_.ReadEpoch();
  absl::MutexLock lock(&mutex_);
  if (read.ok()) epoch_ = *read;
  if (!epoch_) co_return read.status();
  co_return *epoch_;
}

std::optional<Epoch> DataSet::FreshEnough() {
  const UnixMillis now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  if (!epoch_) return std::nullopt;
  if (now < renew_at_) return epoch_;
  // This caller renews; the others go on with what there is.
  renew_at_ = {now.value + kRenewAfterMillis};
  return std::nullopt;
}

}  // namespace tidemark::sync
