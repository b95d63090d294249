// One transaction of the SQLite store: each method is a statement or two.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/store/local_store.h"
#include "client/store/sqlite/sqlite.h"

namespace tidemark::client {

class SqliteTransaction : public Transaction {
 public:
  // Within BEGIN … COMMIT. `database` outlives this.
  explicit SqliteTransaction(Database& database) : database_(database) {}

  Replica GetReplica() override;
  void PutReplica(const Replica& replica) override;
  std::string GetNote(std::string_view name) override;
  void PutNote(std::string_view name, std::string_view value) override;

  TaskState Get(const TaskId& id) override;
  void Put(const TaskState& task) override;
  std::vector<TaskState> List(const TaskId& after, int limit) override;
  std::vector<TaskId> FindByPrefix(std::string_view prefix, int limit) override;
  std::vector<TaskId> ListUnnamed(int64_t whole_state) override;
  std::vector<TaskId> ListDoomed() override;
  std::vector<TaskId> ListDeadBefore(UnixMillis before, int limit) override;

  int64_t CountPending() override;
  std::optional<UnixMillis> OldestPending() override;
  std::vector<TaskState> ListSent() override;
  std::vector<TaskState> ListEdited(int limit) override;
  std::vector<TaskId> ListPending() override;

  void PutAside(const Row& row) override;
  std::optional<Row> GetAside(const TaskId& id) override;
  void RemoveAside(const TaskId& id) override;
  std::vector<TaskId> ListAside() override;
  void ClearAside() override;

  bool AddConflict(const Conflict& conflict) override;
  std::vector<Conflict> ListConflicts() override;
  void DismissConflict(Stamp at, Field field) override;
  void AddRejection(const Rejection& rejection) override;
  std::vector<Rejection> ListRejections() override;
  void DismissRejection(const DeviceId& device, MutationId number) override;

 private:
  // `tasks` without what waits, which `has_pending` says is there.
  TaskState TaskOf(const Statement& row, bool& has_pending);
  void LoadPending(TaskState& task);
  void PutPending(const TaskState& task);
  std::vector<TaskState> States(Statement& statement);
  std::vector<TaskId> Ids(Statement& statement);

  Database& database_;
};

}  // namespace tidemark::client
