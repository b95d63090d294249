// A store in memory, for tests and simulations: what was committed is there until the store goes.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/store/local_store.h"

namespace tidemark::client {

class MemoryStore : public LocalStore {
 public:
  MemoryStore() = default;
  // Another store with the same in it: what a cloned device has.
  MemoryStore(const MemoryStore& other);
  MemoryStore& operator=(const MemoryStore&) = delete;

  absl::Status Write(Body body) override;
  absl::Status Read(Body body) override;
  absl::StatusOr<int64_t> Revision() override;

 private:
  friend class MemoryTransaction;

  using Place = std::pair<int64_t, TaskId>;

  // All but the tasks: little, so a transaction that writes it keeps a copy of what was.
  struct Rest {
    Replica replica;
    std::map<std::string, std::string, std::less<>> notes;
    std::map<std::pair<Stamp, Field>, Conflict> conflicts;
    std::set<std::pair<Stamp, Field>> dismissed;
    std::vector<Rejection> rejections;
  };
  struct Data {
    Rest rest;
    std::map<TaskId, TaskState> tasks;
    std::map<TaskId, Row> aside;
    // Of the tasks, by number…
    std::set<Place> sent;
    // …and by the age of what waits.
    std::set<Place> edited;
    std::set<Place> pending;
    std::set<TaskId> doomed;
    int64_t revision = 0;

    void Set(const TaskId& id, const std::optional<TaskState>& task);
    void Index(const TaskState& task, bool is_there);
  };

  mutable std::mutex mutex_;
  Data data_;
};

}  // namespace tidemark::client
