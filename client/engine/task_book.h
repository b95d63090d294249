// Tasks of a transaction together with the counts that the self-check compares: what is changed here is
// counted.
//
//   TaskBook book(tx);
//   book.Change(id, [&](TaskState& task) { ApplyDeletion(task, now); });
//   book.replica.cursor = …;
//   book.Close();
#pragma once

#include <vector>

#include "client/store/local_store.h"

namespace tidemark::client {

class TaskBook {
 public:
  explicit TaskBook(Transaction& transaction) : replica(transaction.GetReplica()), tx(transaction) {}
  TaskBook(const TaskBook&) = delete;
  TaskBook& operator=(const TaskBook&) = delete;

  // `change(task)`, stored.
  template <typename F>
  void Change(const TaskId& id, const F& change) {
    TaskState task = tx.Get(id);
    Count(task, -1);
    change(task);
    Count(task, 1);
    tx.Put(task);
  }
  template <typename F>
  void ChangeEach(const std::vector<TaskId>& ids, const F& change) {
    for (const TaskId& id : ids) Change(id, change);
  }
  // Stores the replica.
  void Close() { tx.PutReplica(replica); }

  Replica replica;
  Transaction& tx;

 private:
  void Count(const TaskState& task, int64_t sign) {
    if (!task.row || !task.row->alive()) return;
    replica.live_count += sign;
    replica.version_sum += sign * task.row->version.value;
  }
};

}  // namespace tidemark::client
