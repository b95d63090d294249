#include "client/store/memory/memory_store.h"

#include <algorithm>

namespace tidemark::client {
namespace {

template <typename T, typename Key>
void Index(std::set<T>& index, const Key& key, bool is_there) {
  if (is_there) {
    index.insert(key);
  } else {
    index.erase(key);
  }
}

std::vector<TaskId> IdsOf(const std::set<std::pair<int64_t, TaskId>>& places) {
  std::vector<TaskId> ids;
  for (const auto& [place, id] : places) ids.push_back(id);
  return ids;
}

}  // namespace

void MemoryStore::Data::Index(const TaskState& task, bool is_there) {
  if (task.doomed) client::Index(doomed, task.id, is_there);
  if (!task.pending()) return;
  const Place place{task.since().value, task.id};
  client::Index(pending, place, is_there);
  if (task.sent) {
    client::Index(sent, Place{task.sent->change.number.value, task.id}, is_there);
  } else {
    client::Index(edited, place, is_there);
  }
}

void MemoryStore::Data::Set(const TaskId& id, const std::optional<TaskState>& task) {
  const auto old = tasks.find(id);
  if (old != tasks.end()) {
    Index(old->second, false);
    tasks.erase(old);
  }
  if (!task || task->empty()) return;
  Index(*task, true);
  tasks.emplace(id, *task);
}

// Writes at once, and remembers what was, in case the transaction ends without effect.
class MemoryTransaction : public Transaction {
 public:
  explicit MemoryTransaction(MemoryStore::Data& data) : data_(data) {}

  void Rollback() {
    for (const auto& [id, task] : tasks_before_) data_.Set(id, task);
    if (rest_before_) data_.rest = *std::move(rest_before_);
    if (aside_before_) data_.aside = *std::move(aside_before_);
  }

  Replica GetReplica() override { return data_.rest.replica; }
  void PutReplica(const Replica& replica) override { Rest().replica = replica; }

  std::string GetNote(std::string_view name) override {
    const auto note = data_.rest.notes.find(name);
    return note == data_.rest.notes.end() ? "" : note->second;
  }
  void PutNote(std::string_view name, std::string_view value) override {
    Rest().notes[std::string(name)] = value;
  }

  TaskState Get(const TaskId& id) override {
    const auto task = data_.tasks.find(id);
    return task == data_.tasks.end() ? TaskState{.id = id} : task->second;
  }

  void Put(const TaskState& task) override {
    const auto old = data_.tasks.find(task.id);
    tasks_before_.try_emplace(task.id, old == data_.tasks.end() ? std::nullopt : std::optional(old->second));
    data_.Set(task.id, task);
  }

  std::vector<TaskState> List(const TaskId& after, int limit) override {
    std::vector<TaskState> tasks;
    for (auto task = data_.tasks.upper_bound(after); task != data_.tasks.end() && limit-- > 0; ++task) {
      tasks.push_back(task->second);
    }
    return tasks;
  }

  std::vector<TaskId> FindByPrefix(std::string_view prefix, int limit) override {
    std::vector<TaskId> ids;
    auto task = data_.tasks.lower_bound(TaskId(std::string(prefix)));
    for (; task != data_.tasks.end() && task->first.value().starts_with(prefix) && limit-- > 0; ++task) {
      ids.push_back(task->first);
    }
    return ids;
  }

  std::vector<TaskId> ListUnnamed(int64_t whole_state) override {
    return Where(
        [&](const TaskState& task) { return task.row && task.row->alive() && task.named_in < whole_state; });
  }

  std::vector<TaskId> ListDoomed() override { return {data_.doomed.begin(), data_.doomed.end()}; }

  std::vector<TaskId> ListDeadBefore(UnixMillis before, int limit) override {
    std::vector<TaskId> ids = Where([&](const TaskState& task) {
      return task.row && !task.row->alive() && !task.pending() && task.row->deleted_at < before;
    });
    if (ids.size() > static_cast<std::size_t>(limit)) ids.resize(static_cast<std::size_t>(limit));
    return ids;
  }

  int64_t CountPending() override { return static_cast<int64_t>(data_.pending.size()); }

  std::optional<UnixMillis> OldestPending() override {
    if (data_.pending.empty()) return std::nullopt;
    return UnixMillis{data_.pending.begin()->first};
  }

  std::vector<TaskState> ListSent() override { return States(data_.sent, data_.sent.size()); }
  std::vector<TaskState> ListEdited(int limit) override {
    return States(data_.edited, static_cast<std::size_t>(limit));
  }
  std::vector<TaskId> ListPending() override { return IdsOf(data_.pending); }

  void PutAside(const Row& row) override { Aside()[row.id] = row; }
  std::optional<Row> GetAside(const TaskId& id) override {
    const auto row = data_.aside.find(id);
    if (row == data_.aside.end()) return std::nullopt;
    return row->second;
  }
  void RemoveAside(const TaskId& id) override { Aside().erase(id); }
  std::vector<TaskId> ListAside() override {
    std::vector<TaskId> ids;
    for (const auto& [id, row] : data_.aside) ids.push_back(id);
    return ids;
  }
  void ClearAside() override { Aside().clear(); }

  bool AddConflict(const Conflict& conflict) override {
    const auto key = std::make_pair(conflict.at, conflict.field);
    if (data_.rest.dismissed.contains(key) || data_.rest.conflicts.contains(key)) return false;
    auto& conflicts = Rest().conflicts;
    conflicts.emplace(key, conflict);
    if (conflicts.size() > static_cast<std::size_t>(kConflictsKeptMax)) conflicts.erase(conflicts.begin());
    return true;
  }
  std::vector<Conflict> ListConflicts() override {
    std::vector<Conflict> conflicts;
    for (const auto& [key, conflict] : data_.rest.conflicts) conflicts.push_back(conflict);
    return conflicts;
  }
  void DismissConflict(Stamp at, Field field) override {
    if (Rest().conflicts.erase({at, field}) > 0) Rest().dismissed.insert({at, field});
  }

  void AddRejection(const Rejection& rejection) override { Rest().rejections.push_back(rejection); }
  std::vector<Rejection> ListRejections() override { return data_.rest.rejections; }
  void DismissRejection(const DeviceId& device, MutationId number) override {
    std::erase_if(Rest().rejections, [&](const Rejection& rejection) {
      return rejection.change.device == device && rejection.change.number == number;
    });
  }

 private:
  MemoryStore::Rest& Rest() {
    if (!rest_before_) rest_before_ = data_.rest;
    return data_.rest;
  }
  std::map<TaskId, Row>& Aside() {
    if (!aside_before_) aside_before_ = data_.aside;
    return data_.aside;
  }
  template <typename Condition>
  std::vector<TaskId> Where(const Condition& condition) {
    std::vector<TaskId> ids;
    for (const auto& [id, task] : data_.tasks) {
      if (condition(task)) ids.push_back(id);
    }
    return ids;
  }
  std::vector<TaskState> States(const std::set<MemoryStore::Place>& places, std::size_t limit) {
    std::vector<TaskState> tasks;
    for (auto place = places.begin(); place != places.end() && tasks.size() < limit; ++place) {
      tasks.push_back(data_.tasks.at(place->second));
    }
    return tasks;
  }

  MemoryStore::Data& data_;
  std::map<TaskId, std::optional<TaskState>> tasks_before_;
  std::optional<MemoryStore::Rest> rest_before_;
  std::optional<std::map<TaskId, Row>> aside_before_;
};

MemoryStore::MemoryStore(const MemoryStore& other) : LocalStore() {
  const std::lock_guard lock(other.mutex_);
  data_ = other.data_;
}

absl::Status MemoryStore::Write(Body body) {
  const std::lock_guard lock(mutex_);
  MemoryTransaction transaction(data_);
  absl::Status status = body(transaction);
  if (status.ok()) {
    ++data_.revision;
  } else {
    transaction.Rollback();
  }
  return status;
}

absl::Status MemoryStore::Read(Body body) {
  const std::lock_guard lock(mutex_);
  MemoryTransaction transaction(data_);
  absl::Status status = body(transaction);
  transaction.Rollback();
  return status;
}

absl::StatusOr<int64_t> MemoryStore::Revision() {
  const std::lock_guard lock(mutex_);
  return data_.revision;
}

}  // namespace tidemark::client
