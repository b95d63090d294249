// For tests: an engine over memory, on a clock that stands, for one user.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "common/status/error.h"
#include "services/ratelimit/client/memory_limiter.h"
#include "services/sync/domain/test_edit.h"
#include "services/sync/engine/engine.h"
#include "services/sync/storage/memory/memory_head_announcer.h"
#include "services/sync/storage/memory/memory_head_cache.h"
#include "services/sync/storage/memory/memory_store.h"

namespace tidemark::sync {

// Counts what is asked of a store, and takes it away.
class WatchedStore : public Store {
 public:
  explicit WatchedStore(Store& store) : store_(&store) {}

  void Use(Store& store) { store_ = &store; }

  bool hides_data_set = false;
  // A push of another has decided, and its commit takes long.
  bool commit_hangs = false;
  // What happens before the next push locks the head.
  std::function<void()> before_push;
  bool away = false;
  // The next push commits, and its answer is lost.
  bool lose_next_answer = false;
  // Nothing can be noted of devices.
  bool notes_nothing = false;
  int notes = 0;
  // What happens before the next head is read.
  std::function<void()> before_head;
  // What happens before the next pull reads.
  std::function<void()> before_pull;
  int data_set_reads = 0;
  int head_reads = 0;
  int pulls = 0;
  int purges = 0;
  PushQuery last_push;
  DeltaQuery last_pull;

  Task<absl::StatusOr<DataSetState>> ReadDataSet() override {
    ++data_set_reads;
    if (away || hides_data_set) co_return Away();
    co_return co_await store_->ReadDataSet();
  }
  Task<absl::StatusOr<DataSetState>> SuspendCache(absl::Duration duration, absl::Duration margin) override {
    if (away) co_return Away();
    co_return co_await store_->SuspendCache(duration, margin);
  }
  Task<absl::StatusOr<Head>> ReadHead(UserId user) override {
    ++head_reads;
    if (before_head) std::exchange(before_head, nullptr)();
    if (away) co_return Away();
    co_return co_await store_->ReadHead(user);
  }
  Task<absl::StatusOr<HeadToKeep>> ReadHeadToKeep(UserId user) override {
    ++head_reads;
    if (away) co_return Away();
    HeadToKeep reading = *co_await store_->ReadHeadToKeep(user);
    reading.may_be_kept &= !commit_hangs;
    co_return reading;
  }
  bool IsAway() const override { return away; }
  Task<absl::StatusOr<History>> ReadHistory(UserId user, HistoryQuery query) override {
    if (away) co_return Away();
    co_return co_await store_->ReadHistory(user, query);
  }
  Task<absl::StatusOr<std::vector<TaskRow>>> ReadTasks(UserId user, TasksQuery query) override {
    if (away) co_return Away();
    co_return co_await store_->ReadTasks(user, query);
  }
  Task<absl::StatusOr<std::vector<HistoryEntry>>> ReadHistories(UserId user, HistoriesQuery query) override {
    if (away) co_return Away();
    co_return co_await store_->ReadHistories(user, query);
  }
  Task<absl::StatusOr<Snapshot>> Pull(UserId user, DeltaQuery query) override {
    ++pulls;
    last_pull = query;
    if (before_pull) std::exchange(before_pull, nullptr)();
    if (away) co_return Away();
    co_return co_await store_->Pull(user, query);
  }
  Task<absl::StatusOr<Pushed>> Push(UserId user, PushQuery query, Decide decide) override {
    last_push = query;
    if (before_push) std::exchange(before_push, nullptr)();
    if (away) co_return Away();
    absl::StatusOr<Pushed> pushed = co_await store_->Push(user, query, decide);
    if (std::exchange(lose_next_answer, false)) co_return Away();
    co_return pushed;
  }
  Task<absl::Status> NoteDevice(UserId user, Sighting seen) override {
    ++notes;
    if (away || notes_nothing) co_return Away();
    co_return co_await store_->NoteDevice(user, seen);
  }
  Task<absl::Status> NoteV1(UserId user, UnixMillis at) override {
    ++notes;
    if (away || notes_nothing) co_return Away();
    co_return co_await store_->NoteV1(user, at);
  }
  Task<absl::StatusOr<std::vector<DeviceStatus>>> ReadDevices(UserId user, DevicesQuery query) override {
    if (away) co_return Away();
    co_return co_await store_->ReadDevices(user, query);
  }
  Task<absl::StatusOr<UsersToPurge>> ReadUsersToPurge(UsersQuery query) override {
    if (away) co_return Away();
    co_return co_await store_->ReadUsersToPurge(query);
  }
  Task<absl::StatusOr<bool>> Erase(UserId user, UnixMillis at, int rows_max) override {
    if (away) co_return Away();
    co_return co_await store_->Erase(user, at, rows_max);
  }
  Task<absl::StatusOr<PurgedRows>> Purge(UserId user, DecidePurge decide, int rows_max) override {
    ++purges;
    if (away) co_return Away();
    co_return co_await store_->Purge(user, decide, rows_max);
  }

 private:
  static absl::Status Away() { return Error(Code::kUnavailable, "the store is away"); }

  Store* store_;
};

// A cache that can be out of reach.
class WatchedHeadCache : public HeadCache {
 public:
  explicit WatchedHeadCache(HeadCache& cache) : cache_(cache) {}

  bool away = false;
  // What happens when a fence has been put.
  std::function<void()> after_fence;
  int fences = 0;

  Task<CacheRead> Read(CacheSpace space, UserId user) override {
    if (away) co_return CacheRead();
    co_return co_await cache_.Read(space, user);
  }
  Task<void> Fill(CacheSpace space, UserId user, std::string lease, Head head) override {
    if (!away) co_await cache_.Fill(space, user, lease, head);
  }
  Task<std::optional<std::string>> Fence(CacheSpace space, UserId user, FenceLeaves leaves) override {
    ++fences;
    if (away) co_return std::nullopt;
    std::optional<std::string> owner = co_await cache_.Fence(space, user, leaves);
    if (after_fence) std::exchange(after_fence, nullptr)();
    co_return owner;
  }
  Task<void> Publish(CacheSpace space, UserId user, std::string owner, Head head) override {
    if (!away) co_await cache_.Publish(space, user, owner, head);
  }
  Task<void> Unfence(CacheSpace space, UserId user, std::string owner) override {
    if (!away) co_await cache_.Unfence(space, user, owner);
  }

 private:
  HeadCache& cache_;
};

// A name of SPEC 2, e.g. "rate_limited"; "ok" if nothing failed.
inline std::string CodeOf(const absl::Status& status) {
  return status.ok() ? "ok" : std::string(InfoOf(ErrorInfoOf(status).code).name);
}
inline std::string PointerOf(const absl::Status& status) { return ErrorInfoOf(status).details.pointer; }

inline std::vector<std::string> IdsOf(const std::vector<TaskUpdate>& updates) {
  std::vector<std::string> ids;
  for (const TaskUpdate& update : updates) ids.push_back(update.id.value());
  return ids;
}
inline std::vector<std::string> IdsOf(const std::vector<TaskId>& tasks) {
  std::vector<std::string> ids;
  for (const TaskId& id : tasks) ids.push_back(id.value());
  return ids;
}

// "v2 milk completed": the fields that an update gives.
inline std::string Say(const TaskUpdate& update) {
  std::string text = "v" + std::to_string(update.version.value);
  if (const auto& content = update.fields[Field::kContent]) text += " " + std::get<std::string>(*content);
  if (const auto& completed = update.fields[Field::kCompleted]) {
    text += std::get<bool>(*completed) ? " completed" : " open";
  }
  if (const auto& pinned = update.fields[Field::kPinned])
    text += std::get<bool>(*pinned) ? " pinned" : " loose";
  if (const auto& deleted = update.fields[Field::kDeletedAt])
    text += SaysDeleted(*deleted) ? " deleted" : " alive";
  return text;
}

inline std::vector<std::string> CodesOf(const SyncAnswer& answer) {
  std::vector<std::string> codes;
  for (const Rejection& rejection : answer.rejected) codes.push_back(rejection.code);
  return codes;
}

class EngineTest : public testing::Test {
 protected:
  static constexpr UnixMillis kNow{1'735'689'600'000};
  static constexpr Stamp kFirstStamp{kNow.value};

  EngineTest() { Serve(); }

  // Starts over as another replica would, with buckets of these sizes and large ones for the rest.
  void Serve(const std::map<std::string, int64_t>& buckets = {}) {
    ratelimit::PolicySet policies;
    for (const char* name : {"sync", "check", "live", "push_reserve", "v1_sync", "other"}) {
      const auto bucket = buckets.find(name);
      const int64_t capacity = bucket == buckets.end() ? 100'000 : bucket->second;
      EXPECT_TRUE(policies.Add({name, ratelimit::TokenBucket{capacity, absl::Hours(1)}}).ok());
    }
    engine_.reset();
    limiter_.emplace(std::move(policies), clock_);
    const Sleeper sleep = [this](absl::Duration duration) -> Task<void> {
      slept_ += duration;
      clock_.AdvanceMillis(absl::ToInt64Milliseconds(duration));
      co_return;
    };
    engine_.emplace(store_, cache_, announcer_, *limiter_, quota_, metrics_, clock_, sleep,
                    [this] { return load_; });
  }

  template <typename T>
  T Run(std::function<Task<T>(Call&)> body) {
    Call call{.user = user_, .session = session_, .origin = {.request_id = "request"}, .limit = std::nullopt};
    return RunBlocking<T>(loops_.at(0), [&] { return body(call); });
  }

  absl::StatusOr<SyncAnswer> TrySync(const SyncRequest& request) {
    return Run<absl::StatusOr<SyncAnswer>>([&](Call& call) { return engine_->Sync(call, request); });
  }
  SyncAnswer Sync(const SyncRequest& request) {
    absl::StatusOr<SyncAnswer> answer = TrySync(request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *std::move(answer) : SyncAnswer();
  }
  absl::Status Refused(const SyncRequest& request) { return TrySync(request).status(); }

  static SyncRequest PullFrom(Stamp cursor) {
    SyncRequest request;
    request.device = kLaptop;
    request.last_sync = cursor;
    return request;
  }
  // By the device of the first change.
  static SyncRequest PushOf(std::vector<Change> changes, Stamp cursor = {}) {
    SyncRequest request = PullFrom(cursor);
    if (!changes.empty()) request.device = changes.front().device;
    request.changes = std::move(changes);
    return request;
  }
  SyncAnswer Push(std::vector<Change> changes, Stamp cursor = {}) {
    return Sync(PushOf(std::move(changes), cursor));
  }
  SyncAnswer Pull(Stamp cursor) { return Sync(PullFrom(cursor)); }

  static Edit Milk(std::string id = "t") { return Edit(std::move(id)).At(10).Content("milk"); }

  // Milk under each of `ids`, made by the phone.
  void Make(const std::vector<std::string>& ids) {
    std::vector<Change> changes;
    for (const std::string& id : ids) changes.push_back(Milk(id));
    Push(std::move(changes));
  }

  Head StoredHead() {
    return *RunBlocking<absl::StatusOr<Head>>(loops_.at(0), [&] { return memory_store_.ReadHead(user_); });
  }
  // As if tombstones up to `stamp` had gone.
  void PurgeThrough(Stamp stamp) {
    const Decide purge = [stamp](const PushLoad& load) {
      PushResult result;
      result.state.head = load.state.head;
      result.state.head.purged_through = stamp;
      return result;
    };
    ASSERT_TRUE(RunBlocking<absl::StatusOr<Pushed>>(loops_.at(0), [&] {
                  return memory_store_.Push(user_, {}, purge);
                }).ok());
  }

  UserId user_{"00000000-0000-4000-8000-000000000001"};
  SessionId session_{"laptop's"};
  ManualClock clock_{kNow};
  absl::Duration slept_;
  double load_ = 0;
  EventLoops loops_{1};
  MemoryStore memory_store_{Epoch("e1"), clock_};
  MemoryHeadCache memory_cache_{clock_};
  WatchedStore store_{memory_store_};
  WatchedHeadCache cache_{memory_cache_};
  AnnouncementBus bus_;
  MemoryHeadAnnouncer announcer_{bus_};
  std::optional<ratelimit::MemoryLimiter> limiter_;
  // Unlimited, until a test sets budgets.
  Versioned<ratelimit::Limits> limits_{ratelimit::Limits()};
  ratelimit::Quota quota_{limits_, clock_};
  metrics::Registry registry_;
  ActiveUsers users_{clock_};
  SyncMetrics metrics_{registry_, users_};
  std::optional<Engine> engine_;
};

}  // namespace tidemark::sync
