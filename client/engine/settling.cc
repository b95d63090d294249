#include "client/engine/settling.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace tidemark::client {
namespace {

// An answer, as it is asked about single changes.
class Verdicts {
 public:
  explicit Verdicts(const Page& page) {
    for (const Update& update : page.updates) told_.insert(update.id);
    for (const TaskId& id : page.deleted) deleted_.insert(id);
    for (const Rejected& rejected : page.rejected) rejected_.emplace(rejected.number, rejected);
  }

  const Rejected* FindRejected(const Change& change) const {
    const auto found = rejected_.find(change.number);
    return found == rejected_.end() ? nullptr : &found->second;
  }
  bool SaysDeleted(const Change& change) const { return deleted_.contains(change.id); }
  Outcome OutcomeOf(const Change& change) const {
    return told_.contains(change.id) || SaysDeleted(change) ? Outcome::kTold : Outcome::kAsSent;
  }

 private:
  std::set<TaskId> told_;
  std::set<TaskId> deleted_;
  std::map<MutationId, Rejected> rejected_;
};

void Refuse(TaskBook& book, const Change& change, const Rejected& rejected, UnixMillis now, RunEnd& end) {
  const Outcome outcome = rejected.code == "unknown_task" ? Outcome::kUnknownTask : Outcome::kRejected;
  bool lives_on = false;
  book.Change(change.id, [&](TaskState& task) { lives_on = Settle(task, outcome, now); });
  if (lives_on) return;
  book.tx.AddRejection({.change = change, .code = rejected.code, .detail = rejected.detail, .at = now});
  ++end.rejections;
}

void Store(TaskBook& book, const Change& change, const Verdicts& verdicts, UnixMillis now) {
  book.Change(change.id, [&](TaskState& task) {
    Settle(task, verdicts.OutcomeOf(change), now);
    // The person's own deletion: nobody need be asked about it.
    if (verdicts.SaysDeleted(change) && change.fields.deletes()) ApplyDeletion(task, now);
    task.named_in = book.replica.whole_state;
  });
}

}  // namespace

bool SettleChanges(TaskBook& book, const Settlement& settlement, RunEnd& end) {
  const Verdicts verdicts(settlement.page);
  bool is_forked = false;
  for (const Change& change : settlement.changes) {
    const TaskState task = book.tx.Get(change.id);
    if (!task.sent || task.sent->change.number != change.number) continue;
    book.replica.acked = std::max(book.replica.acked, change.number);
    const Rejected* rejected = verdicts.FindRejected(change);
    if (rejected && rejected->code == "device_forked") {
      is_forked = true;
      continue;
    }
    ++end.pushed;
    if (rejected) {
      Refuse(book, change, *rejected, settlement.now, end);
    } else {
      Store(book, change, verdicts, settlement.now);
    }
  }
  return is_forked;
}

void TakeNewName(TaskBook& book, const DeviceId& name) {
  book.replica.device = name;
  book.replica.last_number = book.replica.acked = {0};
  for (TaskState& task : book.tx.ListSent()) {
    Thaw(task);
    book.tx.Put(task);
  }
}

}  // namespace tidemark::client
