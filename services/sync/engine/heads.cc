#include "services/sync/engine/heads.h"

#include <optional>
#include <string>
#include <utility>

namespace tidemark::sync {
namespace {

CacheSpace SpaceOf(const DataSetState& data_set) { return {data_set.epoch, data_set.generation}; }

}  // namespace

Task<absl::StatusOr<Head>> Heads::Current(DataSetState data_set, UserId user) {
  if (data_set.cache_suspended) co_return co_await store_.ReadHead(user);
  CacheRead read = co_await cache_.Read(SpaceOf(data_set), user);
  if (read.head) co_return *read.head;
  absl::StatusOr<Head> head = co_await store_.ReadHead(user);
  if (head.ok() && read.lease) co_await cache_.Fill(SpaceOf(data_set), user, *std::move(read.lease), *head);
  co_return head;
}

Task<absl::StatusOr<Pushed>> Heads::Push(DataSetState data_set, UserId user, PushQuery query, Decide decide) {
  std::optional<std::string> fence = co_await cache_.Fence(SpaceOf(data_set), user);
  if (!fence) {
    absl::Status suspended = co_await data_set_.SuspendCache();
    if (!suspended.ok()) co_return suspended;
  }
  absl::StatusOr<Pushed> pushed = co_await store_.Push(user, std::move(query), std::move(decide));
  if (!pushed.ok() || !fence) co_return pushed;
  if (!pushed->result) {
    co_await cache_.Unfence(SpaceOf(data_set), user, *std::move(fence));
    co_return pushed;
  }
  const bool published =
      co_await cache_.Publish(SpaceOf(data_set), user, *std::move(fence), pushed->result->state.head);
  if (published) co_return pushed;
  // Committed, but a restarted cache may hold a head from before. Should this fail too, the caller is told
  // that the outcome is unknown, and a retry finds out.
  absl::Status suspended = co_await data_set_.SuspendCache();
  if (!suspended.ok()) co_return suspended;
  co_return pushed;
}

}  // namespace tidemark::sync
