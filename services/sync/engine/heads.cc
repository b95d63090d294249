#include "services/sync/engine/heads.h"

#include <string>
#include <utility>

namespace tidemark::sync {

Task<absl::StatusOr<Head>> Heads::Current(Epoch epoch, UserId user) {
  CacheRead read = co_await cache_.Read(epoch, user);
  if (read.head) co_return *read.head;
  absl::StatusOr<Head> head = co_await store_.ReadHead(user);
  if (head.ok() && read.lease) co_await cache_.Fill(epoch, user, *std::move(read.lease), *head);
  co_return head;
}

Task<absl::StatusOr<Pushed>> Heads::Push(Epoch epoch, UserId user, PushQuery query, Decide decide) {
  std::string owner = co_await cache_.Fence(epoch, user);
  absl::StatusOr<Pushed> pushed = co_await store_.Push(user, std::move(query), std::move(decide));
  if (!pushed.ok()) co_return pushed;
  if (pushed->result) {
    co_await cache_.Publish(epoch, user, std::move(owner), pushed->result->state.head);
  } else {
    co_await cache_.Unfence(epoch, user, std::move(owner));
  }
  co_return pushed;
}

}  // namespace tidemark::sync
