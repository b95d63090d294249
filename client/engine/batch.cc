#include "client/engine/batch.h"

#include <utility>

namespace tidemark::client {
namespace {

class Batch {
 public:
  explicit Batch(int changes_max) : changes_max_(static_cast<std::size_t>(changes_max)) {}

  // False: it is full.
  bool Add(const Change& change) {
    bytes_ += Weight(change);
    if (!changes_.empty() && (changes_.size() >= changes_max_ || bytes_ > kBatchBytesMax)) {
      is_full_ = true;
      return false;
    }
    changes_.push_back(change);
    return true;
  }
  bool is_full() const { return is_full_ || changes_.size() >= changes_max_; }
  int room() const { return static_cast<int>(changes_max_ - changes_.size()); }
  std::vector<Change> Take() { return std::move(changes_); }

 private:
  const std::size_t changes_max_;
  std::vector<Change> changes_;
  std::size_t bytes_ = 0;
  bool is_full_ = false;
};

// A frozen change, as it goes out again.
void AddAgain(TaskBook& book, TaskState& task, bool may_trust_base, Batch& batch) {
  if (!may_trust_base && task.sent->change.version.value != 1) {
    ForgetBase(task);
    book.tx.Put(task);
  }
  batch.Add(task.sent->change);
}

void AddFrozen(TaskBook& book, TaskState& task, bool may_trust_base, Batch& batch) {
  const Sender sender{.number = {book.replica.last_number.value + 1},
                      .device = book.replica.device,
                      .may_trust_base = may_trust_base};
  if (!batch.Add(Freeze(task, sender))) return;
  book.replica.last_number = sender.number;
  book.tx.Put(task);
}

}  // namespace

std::vector<Change> FreezeBatch(TaskBook& book, int changes_max) {
  // What a first sync that was cut short brought may have been purged and made anew.
  const bool may_trust_base = book.replica.cursor.value > 0;
  Batch batch(changes_max);
  std::vector<TaskState> sent = book.tx.ListSent();
  for (TaskState& task : sent) {
    if (!batch.is_full() && GoesAgainUnaltered(task)) AddAgain(book, task, may_trust_base, batch);
  }
  for (TaskState& task : sent) {
    if (!batch.is_full() && !GoesAgainUnaltered(task)) AddFrozen(book, task, may_trust_base, batch);
  }
  if (batch.is_full()) return batch.Take();
  for (TaskState& task : book.tx.ListEdited(batch.room())) {
    if (!batch.is_full()) AddFrozen(book, task, may_trust_base, batch);
  }
  return batch.Take();
}

std::size_t Weight(const Change& change) {
  constexpr std::size_t kAround = 160;
  const std::size_t content = change.fields.content ? change.fields.content->size() : 0;
  return kAround + change.id.value().size() + change.device.value().size() + content;
}

}  // namespace tidemark::client
