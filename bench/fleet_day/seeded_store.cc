#include "bench/fleet_day/seeded_store.h"

#include <cstdio>
#include <cstdlib>

namespace tidemark::fleet {
namespace {

using client::Conflict;
using client::Field;
using client::MutationId;
using client::Rejection;
using client::Replica;
using client::Row;
using client::Stamp;
using client::TaskState;
using client::Transaction;

[[noreturn]] void NobodyListsAll() {
  std::fputs("fleet: a device asked for all of its tasks\n", stderr);
  std::abort();
}

}  // namespace

// Of a transaction that fails, only removals would be remembered: a device of the fleet has none that fails.
class SeededTransaction : public Transaction {
 public:
  SeededTransaction(SeededStore& store, Transaction& touched) : store_(store), touched_(touched) {}

  TaskState Get(const TaskId& id) override {
    TaskState task = touched_.Get(id);
    if (!task.empty() || store_.removed_.contains(id)) return task;
    task.row = store_.seeded_(id);
    return task;
  }
  void Put(const TaskState& task) override {
    if (task.empty()) store_.removed_.insert(task.id);
    touched_.Put(task);
  }
  std::vector<TaskState> List(const TaskId&, int) override { NobodyListsAll(); }
  std::vector<TaskId> FindByPrefix(std::string_view, int) override { NobodyListsAll(); }
  std::vector<TaskId> ListUnnamed(int64_t) override { NobodyListsAll(); }

  Replica GetReplica() override { return touched_.GetReplica(); }
  void PutReplica(const Replica& replica) override { touched_.PutReplica(replica); }
  std::string GetNote(std::string_view name) override { return touched_.GetNote(name); }
  void PutNote(std::string_view name, std::string_view value) override { touched_.PutNote(name, value); }
  std::vector<TaskId> ListDoomed() override { return touched_.ListDoomed(); }
  // A seeded task that lives is not dead.
  std::vector<TaskId> ListDeadBefore(UnixMillis before, int limit) override {
    return touched_.ListDeadBefore(before, limit);
  }
  // What waits was touched.
  int64_t CountPending() override { return touched_.CountPending(); }
  std::optional<UnixMillis> OldestPending() override { return touched_.OldestPending(); }
  std::vector<TaskState> ListSent() override { return touched_.ListSent(); }
  std::vector<TaskState> ListEdited(int limit) override { return touched_.ListEdited(limit); }
  std::vector<TaskId> ListPending() override { return touched_.ListPending(); }
  void PutAside(const Row& row) override { touched_.PutAside(row); }
  std::optional<Row> GetAside(const TaskId& id) override { return touched_.GetAside(id); }
  void RemoveAside(const TaskId& id) override { touched_.RemoveAside(id); }
  std::vector<TaskId> ListAside() override { return touched_.ListAside(); }
  void ClearAside() override { touched_.ClearAside(); }
  bool AddConflict(const Conflict& conflict) override { return touched_.AddConflict(conflict); }
  std::vector<Conflict> ListConflicts() override { return touched_.ListConflicts(); }
  void DismissConflict(Stamp at, Field field) override { touched_.DismissConflict(at, field); }
  void AddRejection(const Rejection& rejection) override { touched_.AddRejection(rejection); }
  std::vector<Rejection> ListRejections() override { return touched_.ListRejections(); }
  void DismissRejection(const DeviceId& device, MutationId number) override {
    touched_.DismissRejection(device, number);
  }

 private:
  SeededStore& store_;
  Transaction& touched_;
};

absl::Status SeededStore::Write(Body body) {
  return touched_.Write([&](Transaction& touched) {
    SeededTransaction transaction(*this, touched);
    return body(transaction);
  });
}

absl::Status SeededStore::Read(Body body) {
  return touched_.Read([&](Transaction& touched) {
    SeededTransaction transaction(*this, touched);
    return body(transaction);
  });
}

}  // namespace tidemark::fleet
