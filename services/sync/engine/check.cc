#include <utility>

#include "common/async/both.h"
#include "services/sync/domain/poll.h"
#include "services/sync/engine/engine.h"

namespace tidemark::sync {

Task<absl::StatusOr<CheckAnswer>> Engine::Check(Call& call, std::optional<std::string> if_none_match,
                                                Wildcard wildcard, DeviceId device) {
  if (absl::Status open = admission_.Day(call, ratelimit::Access::kRead); !open.ok()) co_return open;
  const absl::StatusOr<DataSetState> data_set = co_await data_set_.Current();
  if (!data_set.ok()) co_return data_set.status();
  auto [admitted, cached] = co_await Both(admission_.Check(call), heads_.ReadCache(*data_set, call.user));
  if (!admitted.ok()) co_return admitted;
  absl::StatusOr<Head> head = co_await heads_.Current(*data_set, call.user, std::move(cached));
  // While the store was merely slow, the cache may not have been for use (DataSet::Current).
  if (!head.ok() && store_.IsAway()) head = co_await CachedHead(call.user, head.status());
  if (!head.ok()) co_return head.status();
  const bool not_modified = if_none_match && Matches(*if_none_match, *head, wildcard);
  metrics_.Checked(call.user, not_modified);
  const int64_t next_sync_in = NextSyncIn(call.user, device, head->high_water, clock_.Now(), load_());
  // Not `*`: that names no state.
  if (not_modified && Matches(*if_none_match, *head, Wildcard::kNever)) {
    co_await Confirm(call.user, device, head->high_water);
  }
  co_return CheckAnswer{
      .not_modified = not_modified, .head = *head, .epoch = data_set->epoch, .next_sync_in = next_sync_in};
}

Task<absl::StatusOr<Head>> Engine::CachedHead(UserId user, absl::Status otherwise) {
  const absl::StatusOr<DataSetState> data_set = co_await data_set_.Current();
  if (!data_set.ok()) co_return otherwise;
  const CacheRead cached = co_await heads_.ReadCache(*data_set, std::move(user));
  if (!cached.head) co_return otherwise;
  co_return *cached.head;
}

}  // namespace tidemark::sync
