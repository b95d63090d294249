// A device's store that begins with the tasks its person has, without keeping them: thirty thousand people
// with fifty tasks on each of their devices would take gigabytes. A task that nobody has touched is made anew
// whenever it is looked at; one that was touched lies in a store in memory like any other.
#pragma once

#include <functional>
#include <optional>
#include <set>

#include "client/store/local_store.h"
#include "client/store/memory/memory_store.h"

namespace tidemark::fleet {

// The row of a task that was there from the beginning; nothing: this is none of them.
using SeededRow = std::function<std::optional<client::Row>(const TaskId& id)>;

// Not thread-safe. What lists all tasks ends the process: it is for whole states, which no device of the
// fleet has to ask for, because none ever differs from the service.
class SeededStore : public client::LocalStore {
 public:
  explicit SeededStore(SeededRow seeded) : seeded_(std::move(seeded)) {}

  absl::Status Write(Body body) override;
  absl::Status Read(Body body) override;
  absl::StatusOr<int64_t> Revision() override { return touched_.Revision(); }

 private:
  friend class SeededTransaction;

  const SeededRow seeded_;
  client::MemoryStore touched_;
  // Touched, and gone from there since.
  std::set<TaskId> removed_;
};

}  // namespace tidemark::fleet
