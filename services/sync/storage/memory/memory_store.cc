#include "services/sync/storage/memory/memory_store.h"

#include <algorithm>
#include <limits>

namespace tidemark::sync {
namespace {

// Keeps the first `rows_max` of `rows`, and those `tied` to the last of them. True: there may be more.
template <typename Row, typename Tied>
bool Cut(std::vector<Row>& rows, int rows_max, Tied tied) {
  auto limit = static_cast<std::size_t>(rows_max);
  if (limit == 0) rows.clear();
  if (rows.size() < limit || limit == 0) return false;
  while (limit < rows.size() && tied(rows[limit - 1], rows[limit])) ++limit;
  rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
  return true;
}

}  // namespace

Delta MemoryStore::ReadDelta(const UserData& data, const DeltaQuery& query) {
  const Stamp news_after = query.news_after.value_or(Stamp{std::numeric_limits<int64_t>::max()});
  Delta delta;
  for (const auto& [id, task] : data.tasks) {
    if (task.stamp <= query.after) continue;
    if (task.deleted() && task.fields[Field::kDeletedAt].stamp <= news_after) continue;
    delta.tasks.push_back(task);
  }
  std::sort(delta.tasks.begin(), delta.tasks.end(),
            [](const TaskRow& a, const TaskRow& b) { return a.stamp < b.stamp; });
  for (const Conflict& conflict : data.conflicts) {
    if (conflict.at > std::max(query.after, news_after)) delta.conflicts.push_back(conflict);
  }
  delta.tasks_cut = Cut(delta.tasks, query.rows_max, [](const TaskRow&, const TaskRow&) { return false; });
  delta.conflicts_cut =
      Cut(delta.conflicts, query.rows_max, [](const Conflict& a, const Conflict& b) { return a.at == b.at; });
  return delta;
}

PushLoad MemoryStore::Load(const UserData& data, const PushQuery& query) const {
  PushLoad load;
  load.data_set = State();
  load.state.head = data.head;
  for (const TaskId& id : query.tasks) {
    if (const auto task = data.tasks.find(id); task != data.tasks.end()) load.state.tasks.insert(*task);
    if (!query.held_at) continue;
    for (const HistoryEntry& entry : data.history) {
      if (entry.id != id || entry.at <= *query.held_at || !entry.was_stored) continue;
      std::optional<FieldValue>& held = load.state.held[id][entry.field];
      if (!held) held = entry.value;
    }
  }
  for (const DeviceId& device : query.devices) {
    if (const auto ledger = data.ledgers.find(device); ledger != data.ledgers.end()) {
      load.state.ledgers.insert(*ledger);
    }
  }
  load.delta = ReadDelta(data, query.delta);
  return load;
}

void MemoryStore::Write(UserData& data, const PushResult& result) {
  data.head = result.state.head;
  for (const TaskId& id : result.written) data.tasks.insert_or_assign(id, result.state.tasks.at(id));
  for (const auto& [device, ledger] : result.state.ledgers) data.ledgers.insert_or_assign(device, ledger);
  data.conflicts.insert(data.conflicts.end(), result.conflicts.begin(), result.conflicts.end());
  data.history.insert(data.history.end(), result.history.begin(), result.history.end());
}

Task<absl::StatusOr<DataSetState>> MemoryStore::ReadDataSet() {
  MutexLock lock(&mutex_);
  co_return State();
}

Task<absl::StatusOr<DataSetState>> MemoryStore::SuspendCache(absl::Duration duration, absl::Duration margin) {
  MutexLock lock(&mutex_);
  const UnixMillis now = clock_.Now();
  if (State().suspended_for <= margin) {
    ++generation_;
    generation_at_ = now;
  }
  const UnixMillis until{now.value + absl::ToInt64Milliseconds(duration)};
  cache_suspended_until_ = std::max(cache_suspended_until_, until);
  co_return State();
}

DataSetState MemoryStore::State() const {
  const int64_t now = clock_.Now().value;
  return {.epoch = epoch_,
          .generation = generation_,
          .generation_age = absl::Milliseconds(now - generation_at_.value),
          .suspended_for = absl::Milliseconds(std::max<int64_t>(0, cache_suspended_until_.value - now))};
}

Task<absl::StatusOr<Head>> MemoryStore::ReadHead(UserId user) {
  MutexLock lock(&mutex_);
  co_return users_[user].head;
}

// A push is one step here: none is ever under way.
Task<absl::StatusOr<HeadToKeep>> MemoryStore::ReadHeadToKeep(UserId user) {
  MutexLock lock(&mutex_);
  co_return HeadToKeep{users_[user].head, true};
}

Task<absl::StatusOr<History>> MemoryStore::ReadHistory(UserId user, HistoryQuery query) {
  MutexLock lock(&mutex_);
  const UserData& data = users_[user];
  History history{data.tasks.contains(query.task), {}};
  for (auto entry = data.history.rbegin(); entry != data.history.rend(); ++entry) {
    if (history.entries.size() == static_cast<std::size_t>(query.entries_max)) break;
    if (entry->id == query.task && entry->at > query.after) history.entries.push_back(*entry);
  }
  co_return history;
}

Task<absl::StatusOr<Snapshot>> MemoryStore::Pull(UserId user, DeltaQuery query) {
  MutexLock lock(&mutex_);
  const UserData& data = users_[user];
  co_return Snapshot{data.head, ReadDelta(data, query)};
}

Task<absl::StatusOr<Pushed>> MemoryStore::Push(UserId user, PushQuery query, Decide decide) {
  MutexLock lock(&mutex_);
  UserData& data = users_[user];
  Pushed pushed{Load(data, query), std::nullopt};
  pushed.result = decide(pushed.load);
  if (pushed.result) Write(data, *pushed.result);
  co_return pushed;
}

void MemoryStore::Purge(const UserId& user, Stamp through) {
  MutexLock lock(&mutex_);
  UserData& data = users_[user];
  std::erase_if(data.tasks, [through](const auto& entry) {
    // By the row's stamp: that is where a pull in pages would tell it.
    return entry.second.deleted() && entry.second.stamp <= through;
  });
  data.head.purged_through = std::max(data.head.purged_through, through);
}

std::unique_ptr<MemoryStore> MemoryStore::Copy(Epoch epoch) {
  auto copy = std::make_unique<MemoryStore>(std::move(epoch), clock_);
  MutexLock lock(&mutex_);
  MutexLock copy_lock(&copy->mutex_);
  copy->users_ = users_;
  return copy;
}

}  // namespace tidemark::sync
