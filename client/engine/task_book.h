// Tasks of a transaction together with the counts that the self-check compares: what is changed here is
// counted.
//
//   TaskBook book(tx);
//   book.Change(id, [&](TaskState& task) { ApplyDeletion(task, now); });
//   book.replica.cursor = …;
//   book.Close();
#pragma once

#include <vector>

#include "absl/functional/function_ref.h"
#include "client/store/local_store.h"

namespace tidemark::client {

class TaskBook {
 public:
  explicit TaskBook(Transaction& transaction) : replica(transaction.GetReplica()), tx(transaction) {}
  TaskBook(const TaskBook&) = delete;
  TaskBook& operator=(const TaskBook&) = delete;

  // `change(task)`, stored.
  using Changing = absl::FunctionRef<void(TaskState&)>;
  void Change(const TaskId& id, Changing change);
  void ChangeEach(const std::vector<TaskId>& ids, Changing change);
  // Stores the replica.
  void Close() { tx.PutReplica(replica); }

  Replica replica;
  Transaction& tx;

 private:
  void Count(const TaskState& task, int64_t sign);
};

}  // namespace tidemark::client
