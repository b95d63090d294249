#include "services/sync/storage/memory/memory_store.h"

#include <algorithm>
#include <limits>
#include <tuple>

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

// Removes the first `rows_max` of `rows`, which are in the order of their stamps, up to `through`.
template <typename Row>
int64_t RemoveThrough(std::vector<Row>& rows, Stamp through, int rows_max) {
  auto end = rows.begin();
  while (end != rows.end() && end->at <= through && end - rows.begin() < rows_max) ++end;
  const int64_t removed = end - rows.begin();
  rows.erase(rows.begin(), end);
  return removed;
}

void LoadHistory(const HistoryEntry& entry, const PushQuery& query, PushState& state) {
  if (query.held_at && entry.at > *query.held_at && entry.was_stored) {
    std::optional<FieldValue>& held = state.held[entry.id][entry.field];
    if (!held) held = entry.value;
  }
  const auto& of = query.heard_of;
  if (std::find(of.begin(), of.end(), entry.device) == of.end()) return;
  std::vector<FieldEdit>& heard = state.heard[entry.id][entry.field];
  const bool is_named_twice = std::any_of(heard.begin(), heard.end(), [&](const FieldEdit& edit) {
    return edit == FieldEdit{entry.value, entry.updated_at, entry.device};
  });
  if (!is_named_twice) heard.push_back({entry.value, entry.updated_at, entry.device});
}

}  // namespace

Delta MemoryStore::ReadDelta(const UserData& data, const DeltaQuery& query) {
  const Stamp news_after = query.news_after.value_or(Stamp{std::numeric_limits<int64_t>::max()});
  Delta delta;
  for (const auto& [id, task] : data.tasks) {
    if (task.stamp <= query.after) continue;
    if (task.deleted() && task.fields[Field::kDeletedAt].stamp <= news_after) continue;
    delta.tasks.push_back(ToldOf(task));
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
  load.erased = data.erased_at.value > 0;
  for (const TaskId& id : query.tasks) {
    if (const auto task = data.tasks.find(id); task != data.tasks.end()) load.state.tasks.insert(*task);
    for (const HistoryEntry& entry : data.history) {
      if (entry.id == id) LoadHistory(entry, query, load.state);
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

void MemoryStore::Note(UserData& data, const Sighting& seen) {
  if (seen.device.empty() || seen.cursor > data.head.high_water || data.erased_at.value > 0) return;
  DeviceProgress& device = data.devices[seen.device];
  device.cursor = seen.cursor;
  device.last_seen = std::max(device.last_seen, seen.at);
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

Task<absl::StatusOr<std::vector<TaskRow>>> MemoryStore::ReadTasks(UserId user, TasksQuery query) {
  MutexLock lock(&mutex_);
  const std::map<TaskId, TaskRow>& tasks = users_[user].tasks;
  std::vector<TaskRow> rows;
  for (auto task = tasks.upper_bound(query.after); task != tasks.end(); ++task) {
    if (rows.size() == static_cast<std::size_t>(query.rows_max)) break;
    rows.push_back(task->second);
  }
  co_return rows;
}

Task<absl::StatusOr<std::vector<HistoryEntry>>> MemoryStore::ReadHistories(UserId user,
                                                                           HistoriesQuery query) {
  const auto place = [](const HistoryEntry& entry) { return std::tie(entry.id, entry.at); };
  MutexLock lock(&mutex_);
  std::vector<HistoryEntry> entries;
  for (auto entry = users_[user].history.rbegin(); entry != users_[user].history.rend(); ++entry) {
    if (entry->at <= query.after) continue;
    if (!query.before || place(*entry) < std::tie(query.before->task, query.before->at)) {
      entries.push_back(*entry);
    }
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const HistoryEntry& a, const HistoryEntry& b) { return place(a) > place(b); });
  Cut(entries, query.rows_max,
      [&](const HistoryEntry& a, const HistoryEntry& b) { return place(a) == place(b); });
  co_return entries;
}

Task<absl::StatusOr<Snapshot>> MemoryStore::Pull(UserId user, DeltaQuery query) {
  MutexLock lock(&mutex_);
  UserData& data = users_[user];
  Snapshot snapshot{data.head, ReadDelta(data, query)};
  if (query.seen) Note(data, *query.seen);
  co_return snapshot;
}

Task<absl::StatusOr<Pushed>> MemoryStore::Push(UserId user, PushQuery query, Decide decide) {
  MutexLock lock(&mutex_);
  UserData& data = users_[user];
  Pushed pushed{Load(data, query), std::nullopt};
  pushed.result = decide(pushed.load);
  if (!pushed.result) co_return pushed;
  Write(data, *pushed.result);
  const Sighting seen = query.delta.seen.value_or(Sighting());
  for (const auto& [device, ledger] : pushed.result->state.ledgers) {
    UnixMillis& last_seen = data.devices[device].last_seen;
    last_seen = std::max(last_seen, seen.at);
  }
  Note(data, seen);
  co_return pushed;
}

Task<absl::Status> MemoryStore::NoteDevice(UserId user, Sighting seen) {
  MutexLock lock(&mutex_);
  Note(users_[user], seen);
  co_return absl::OkStatus();
}

Task<absl::Status> MemoryStore::NoteV1(UserId user, UnixMillis at) {
  MutexLock lock(&mutex_);
  UnixMillis& v1_seen = users_[user].v1_seen;
  if (v1_seen.value < at.value - kDayMillis) v1_seen = at;
  co_return absl::OkStatus();
}

Task<absl::StatusOr<std::vector<DeviceStatus>>> MemoryStore::ReadDevices(UserId user, DevicesQuery query) {
  MutexLock lock(&mutex_);
  const UserData& data = users_[user];
  std::vector<DeviceStatus> devices;
  for (const auto& [id, device] : data.devices) {
    if (device.last_seen < query.seen_since) continue;
    const auto behind = [&device](const auto& entry) { return entry.second.stamp > device.cursor; };
    devices.push_back({.device = id,
                       .last_seen = device.last_seen,
                       .cursor = device.cursor,
                       .changes_behind = std::min<int64_t>(
                           kChangesBehindMax, std::count_if(data.tasks.begin(), data.tasks.end(), behind)),
                       .up_to_date = device.cursor >= data.head.high_water});
  }
  std::stable_sort(devices.begin(), devices.end(),
                   [](const DeviceStatus& a, const DeviceStatus& b) { return a.last_seen > b.last_seen; });
  const auto devices_max = static_cast<std::size_t>(query.devices_max);
  if (devices.size() > devices_max) devices.erase(devices.begin() + query.devices_max, devices.end());
  co_return devices;
}

bool MemoryStore::WasErasedBefore(const UserData& data, UnixMillis time) {
  return data.erased_at.value > 0 && data.erased_at < time;
}

bool MemoryStore::MayPurge(const UserData& data, const PurgePlan& plan) {
  const auto is_old = [&plan](const auto& entry) { return entry.at <= plan.values_through; };
  const auto is_tombstone = [](const auto& entry) { return entry.second.deleted(); };
  const auto is_gone = [&plan](const auto& e) { return e.second.last_seen < plan.devices_seen_before; };
  return WasErasedBefore(data, plan.devices_seen_before) ||
         std::any_of(data.tasks.begin(), data.tasks.end(), is_tombstone) ||
         std::any_of(data.history.begin(), data.history.end(), is_old) ||
         std::any_of(data.conflicts.begin(), data.conflicts.end(), is_old) ||
         std::any_of(data.devices.begin(), data.devices.end(), is_gone);
}

Task<absl::StatusOr<UsersToPurge>> MemoryStore::ReadUsersToPurge(UsersQuery query) {
  MutexLock lock(&mutex_);
  UsersToPurge found;
  int looked_at = 0;
  for (auto user = users_.upper_bound(query.after); user != users_.end(); ++user) {
    if (looked_at++ == query.users_max) {
      found.next_after = std::prev(user)->first;
      break;
    }
    if (MayPurge(user->second, query.plan)) found.users.push_back(user->first);
  }
  co_return found;
}

Task<absl::StatusOr<PurgedRows>> MemoryStore::Purge(UserId user, DecidePurge decide, int rows_max) {
  MutexLock lock(&mutex_);
  UserData& data = users_[user];
  PurgeState state{.devices = {}, .v1_seen = data.v1_seen};
  for (const auto& [id, device] : data.devices) state.devices.push_back(device);
  const PurgePlan plan = decide(state);

  PurgedRows removed;
  std::map<Stamp, TaskId> tombstones;
  for (const auto& [id, task] : data.tasks) {
    if (task.deleted() && task.stamp <= plan.tombstones_through) tombstones[task.stamp] = id;
  }
  for (const auto& [stamp, id] : tombstones) {
    if (removed.tombstones == rows_max) break;
    data.tasks.erase(id);
    data.head.purged_through = std::max(data.head.purged_through, stamp);
    ++removed.tombstones;
  }
  removed.history = RemoveThrough(data.history, plan.values_through, rows_max);
  removed.conflicts = RemoveThrough(data.conflicts, plan.values_through, rows_max);
  for (auto device = data.devices.begin(); device != data.devices.end() && removed.devices < rows_max;) {
    const bool gone = device->second.last_seen < plan.devices_seen_before;
    if (gone) data.ledgers.erase(device->first);
    if (gone) ++removed.devices;
    device = gone ? data.devices.erase(device) : std::next(device);
  }
  if (WasErasedBefore(data, plan.devices_seen_before)) users_.erase(user);
  co_return removed;
}

Task<absl::StatusOr<bool>> MemoryStore::Erase(UserId user, UnixMillis at, int rows_max) {
  MutexLock lock(&mutex_);
  UserData& data = users_[user];
  const auto remove = [rows_max](auto& rows) {
    for (int i = 0; i < rows_max && !rows.empty(); ++i) rows.erase(rows.begin());
    return !rows.empty();
  };
  data.head = Head();
  data.v1_seen = UnixMillis();
  data.erased_at = at;
  data.ledgers.clear();
  const bool more[] = {remove(data.tasks), remove(data.history), remove(data.conflicts),
                       remove(data.devices)};
  co_return std::any_of(std::begin(more), std::end(more), [](bool left) { return left; });
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
