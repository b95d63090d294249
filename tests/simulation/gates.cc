#include "tests/simulation/gates.h"

#include <utility>

#include "common/status/error.h"

namespace tidemark::simulation {
namespace {

absl::Status Away() { return Error(Code::kUnavailable, "the store is away"); }

}  // namespace

Task<Fate> Gate::Pass(std::string step) {
  const Fate fate = co_await Await<Fate>([this, &step](Completion<Fate> go) {
    waiting_[current_] = {step, std::move(go), UnixMillis{0}};
  });
  co_return fate;
}

Task<void> Gate::Sleep(UnixMillis due) {
  co_await Await<Fate>([this, due](Completion<Fate> go) {
    waiting_[current_] = {"sleep", std::move(go), due};
  });
}

void Gate::Open(CallId call, Fate fate) {
  const auto waiting = waiting_.find(call);
  const Completion<Fate> go = std::move(waiting->second.go);
  waiting_.erase(waiting);
  current_ = call;
  go(fate);
}

Task<absl::StatusOr<sync::DataSetState>> GatedStore::ReadDataSet() {
  // Never refused: a replica that alone cannot reach the store answers by an old reading (decision 12).
  co_await gate_.Pass("read data set");
  co_return co_await store_->ReadDataSet();
}

Task<absl::StatusOr<sync::DataSetState>> GatedStore::SuspendCache(absl::Duration duration,
                                                                  absl::Duration margin) {
  const Fate fate = co_await gate_.Pass("suspend cache");
  if (fate == Fate::kRefused) co_return Away();
  absl::StatusOr<sync::DataSetState> suspended = co_await store_->SuspendCache(duration, margin);
  if (fate == Fate::kAnswerLost) co_return Away();
  co_return suspended;
}

Task<absl::StatusOr<sync::Head>> GatedStore::ReadHead(UserId user) {
  const Fate fate = co_await gate_.Pass("read head");
  if (fate != Fate::kDone) co_return Away();
  co_return co_await store_->ReadHead(user);
}

Task<absl::StatusOr<sync::HeadToKeep>> GatedStore::ReadHeadToKeep(UserId user) {
  const Fate fate = co_await gate_.Pass("read head");
  if (fate != Fate::kDone) co_return Away();
  co_return co_await store_->ReadHeadToKeep(user);
}

Task<absl::StatusOr<sync::History>> GatedStore::ReadHistory(UserId user, sync::HistoryQuery query) {
  const Fate fate = co_await gate_.Pass("read history");
  if (fate != Fate::kDone) co_return Away();
  co_return co_await store_->ReadHistory(user, std::move(query));
}

Task<absl::StatusOr<std::vector<sync::TaskRow>>> GatedStore::ReadTasks(UserId user, sync::TasksQuery query) {
  const Fate fate = co_await gate_.Pass("read tasks");
  if (fate != Fate::kDone) co_return Away();
  co_return co_await store_->ReadTasks(user, std::move(query));
}

Task<absl::StatusOr<std::vector<sync::HistoryEntry>>> GatedStore::ReadHistories(UserId user,
                                                                                sync::HistoriesQuery query) {
  const Fate fate = co_await gate_.Pass("read histories");
  if (fate != Fate::kDone) co_return Away();
  co_return co_await store_->ReadHistories(user, std::move(query));
}

Task<absl::StatusOr<sync::Snapshot>> GatedStore::Pull(UserId user, sync::DeltaQuery query) {
  const Fate fate = co_await gate_.Pass("pull");
  if (fate != Fate::kDone) co_return Away();
  co_return co_await store_->Pull(user, query);
}

Task<absl::StatusOr<sync::Pushed>> GatedStore::Push(UserId user, sync::PushQuery query, sync::Decide decide) {
  const Fate fate = co_await gate_.Pass("push");
  if (fate == Fate::kRefused) co_return Away();
  absl::StatusOr<sync::Pushed> pushed = co_await store_->Push(user, query, decide);
  if (pushed.ok() && pushed->result) watcher_.Committed(gate_.current(), user, pushed->load, *pushed->result);
  if (fate == Fate::kAnswerLost) co_return Away();
  co_return pushed;
}

Task<absl::Status> GatedStore::NoteDevice(UserId user, sync::Sighting seen) {
  return store_->NoteDevice(std::move(user), std::move(seen));
}

Task<absl::Status> GatedStore::NoteV1(UserId user, UnixMillis at) {
  return store_->NoteV1(std::move(user), at);
}

Task<absl::StatusOr<std::vector<sync::DeviceStatus>>> GatedStore::ReadDevices(UserId user,
                                                                              sync::DevicesQuery query) {
  return store_->ReadDevices(std::move(user), query);
}

Task<absl::StatusOr<sync::UsersToPurge>> GatedStore::ReadUsersToPurge(sync::UsersQuery query) {
  return store_->ReadUsersToPurge(std::move(query));
}

Task<absl::StatusOr<sync::PurgedRows>> GatedStore::Purge(UserId user, sync::DecidePurge decide,
                                                         int rows_max) {
  return store_->Purge(std::move(user), std::move(decide), rows_max);
}

Task<absl::StatusOr<bool>> GatedStore::Erase(UserId user, UnixMillis at, int rows_max) {
  return store_->Erase(std::move(user), at, rows_max);
}

Task<sync::CacheRead> GatedHeadCache::Read(sync::CacheSpace space, UserId user) {
  const Fate fate = co_await gate_.Pass("read cache");
  if (fate == Fate::kRefused) co_return sync::CacheRead();
  sync::CacheRead read = co_await cache_.Read(space, user);
  if (fate == Fate::kAnswerLost) co_return sync::CacheRead();
  co_return read;
}

Task<void> GatedHeadCache::Fill(sync::CacheSpace space, UserId user, std::string lease, sync::Head head) {
  const Fate fate = co_await gate_.Pass("fill cache");
  if (fate != Fate::kRefused) co_await cache_.Fill(space, user, lease, head);
}

Task<std::optional<std::string>> GatedHeadCache::Fence(sync::CacheSpace space, UserId user,
                                                       sync::FenceLeaves leaves) {
  const Fate fate = co_await gate_.Pass("fence");
  if (fate == Fate::kRefused) co_return std::nullopt;
  std::optional<std::string> owner = co_await cache_.Fence(space, user, leaves);
  if (fate == Fate::kAnswerLost) co_return std::nullopt;
  co_return owner;
}

Task<void> GatedHeadCache::Publish(sync::CacheSpace space, UserId user, std::string owner, sync::Head head) {
  const Fate fate = co_await gate_.Pass("publish");
  if (fate != Fate::kRefused) co_await cache_.Publish(space, user, owner, head);
}

Task<void> GatedHeadCache::Unfence(sync::CacheSpace space, UserId user, std::string owner) {
  const Fate fate = co_await gate_.Pass("unfence");
  if (fate != Fate::kRefused) co_await cache_.Unfence(space, user, owner);
}

Task<ratelimit::Decision> OpenLimiter::Acquire(ratelimit::Ask ask, Origin) {
  const bool allowed = !(sync_is_empty && ask.policy == "sync");
  co_return ratelimit::Decision{.allowed = allowed, .retry_after = absl::Seconds(allowed ? 0 : 60)};
}

}  // namespace tidemark::simulation
