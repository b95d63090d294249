#include "services/sync/engine/heads.h"

#include <utility>

#include "common/status/error.h"

namespace tidemark::sync {
namespace {

// A suspension shorter than this is prolonged while the cache is away, so that an outage has one.
constexpr absl::Duration kProlongBelow = absl::Seconds(30);
constexpr int kGuardsMax = 4;
// Of each kind in one transaction: well below a statement's time.
constexpr int kErasedTogetherMax = 10'000;

absl::Status ErasedError() { return Error(Code::kInvalidToken, "the account was deleted"); }

CacheSpace SpaceOf(const DataSetState& data_set) { return {data_set.epoch, data_set.generation}; }

bool IsSuspended(const DataSetState& data_set) { return data_set.suspended_for > absl::ZeroDuration(); }

}  // namespace

Task<absl::StatusOr<Head>> Heads::Current(DataSetState data_set, UserId user) {
  CacheRead cached = co_await ReadCache(data_set, user);
  co_return co_await Current(std::move(data_set), std::move(user), std::move(cached));
}

Task<CacheRead> Heads::ReadCache(DataSetState data_set, UserId user) {
  if (IsSuspended(data_set)) co_return CacheRead();
  co_return co_await cache_.Read(SpaceOf(data_set), std::move(user));
}

Task<absl::StatusOr<Head>> Heads::Current(DataSetState data_set, UserId user, CacheRead read) {
  if (read.head) co_return *read.head;
  if (!read.lease) co_return co_await store_.ReadHead(user);
  absl::StatusOr<HeadToKeep> reading = co_await store_.ReadHeadToKeep(user);
  if (!reading.ok()) co_return reading.status();
  if (reading->may_be_kept) {
    co_await cache_.Fill(SpaceOf(data_set), user, *std::move(read.lease), reading->head);
  }
  co_return reading->head;
}

Task<absl::StatusOr<Pushed>> Heads::Push(DataSetState data_set, UserId user, PushQuery query, Decide decide) {
  const Epoch epoch = data_set.epoch;
  for (int guards = 0; guards < kGuardsMax; ++guards) {
    absl::StatusOr<Guard> guard = co_await PutGuard(data_set, user);
    if (!guard.ok()) co_return guard.status();
    bool holds = true;
    bool erased = false;
    const Decide guarded = [this, &epoch, &guard, &holds, &erased, &data_set, &decide](const PushLoad& load) {
      data_set = load.data_set;
      erased = load.erased;
      // The guard may have been put after a restore that the request knows nothing of.
      holds = load.data_set.epoch == epoch && Holds(*guard, load.data_set);
      return holds && !erased ? decide(load) : std::nullopt;
    };
    absl::StatusOr<Pushed> pushed = co_await store_.Push(user, query, guarded);
    if (!pushed.ok()) {
      announcer_.Announce({user, epoch, std::nullopt});
      co_return pushed;
    }
    if (pushed->result) {
      if (guard->fence) {
        co_await cache_.Publish(SpaceOf(guard->data_set), user, *guard->fence, pushed->result->state.head);
      }
      const Head& head = pushed->result->state.head;
      if (head != pushed->load.state.head) announcer_.Announce({user, epoch, head});
      co_return pushed;
    }
    if (guard->fence) co_await cache_.Unfence(SpaceOf(guard->data_set), user, *guard->fence);
    if (erased) co_return ErasedError();
    if (holds) co_return pushed;
    data_set_.Learn(data_set, guard->put_at);
    if (data_set.epoch != epoch) co_return Error(Code::kUnavailable, "the data set was restored; ask again");
    if (guard->fence && SpaceOf(data_set) == SpaceOf(guard->data_set)) break;
  }
  co_return Error(Code::kUnavailable, "the push waited too long");
}

// The fence takes the cached head away, and leaves nothing. Where it cannot be put, the erasure goes on: what
// stays in the cache for a day at most are three numbers, which no token may ask for any more.
Task<absl::Status> Heads::Erase(DataSetState data_set, UserId user) {
  const CacheSpace space = SpaceOf(data_set);
  const std::optional<std::string> fence = co_await cache_.Fence(space, user, FenceLeaves::kNothing);
  absl::Status erased = co_await EraseRows(user);
  if (fence) co_await cache_.Unfence(space, user, *fence);
  co_return erased;
}

Task<absl::Status> Heads::EraseRows(UserId user) {
  for (;;) {
    const absl::StatusOr<bool> more = co_await store_.Erase(user, clock_.Now(), kErasedTogetherMax);
    if (!more.ok() || !*more) co_return more.status();
  }
}

Task<absl::StatusOr<Heads::Guard>> Heads::PutGuard(DataSetState data_set, UserId user) {
  Guard guard{.data_set = std::move(data_set), .put_at = {}, .fence = std::nullopt};
  co_await data_set_.Settle(guard.data_set);
  guard.put_at = clock_.Now();
  if (guard.data_set.suspended_for > kProlongBelow) co_return guard;
  const FenceLeaves leaves = IsSuspended(guard.data_set) ? FenceLeaves::kNothing : FenceLeaves::kTheHead;
  guard.fence = co_await cache_.Fence(SpaceOf(guard.data_set), user, leaves);
  if (guard.fence) co_return guard;
  // Another push of this process may have suspended it already.
  absl::StatusOr<DataSetState> suspended = co_await data_set_.Current();
  if (!suspended.ok() || suspended->suspended_for <= kProlongBelow) {
    suspended = co_await data_set_.SuspendCache();
  }
  if (!suspended.ok()) co_return suspended.status();
  guard.data_set = *std::move(suspended);
  co_await data_set_.Settle(guard.data_set);
  co_return guard;
}

bool Heads::Holds(const Guard& guard, const DataSetState& now) const {
  if (SpaceOf(now) != SpaceOf(guard.data_set)) return false;
  if (!guard.fence) return now.suspended_for >= DataSet::kUnfencedMin;
  const int64_t since = clock_.Now().value - guard.put_at.value;
  return since >= 0 && absl::Milliseconds(since) <= DataSet::kLoadMax;
}

}  // namespace tidemark::sync
