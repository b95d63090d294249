#include "client/engine/settling.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace tidemark::client {
namespace {

constexpr const char* kForked = "device_forked";

// A page, as it is asked about single changes.
class Verdicts {
 public:
  explicit Verdicts(const Page& page) {
    for (const Update& update : page.updates) told_.insert(update.id);
    told_.insert(page.deleted.begin(), page.deleted.end());
    for (const Rejected& rejected : page.rejected) rejected_.emplace(rejected.number, rejected);
  }

  Verdict Of(const Change& change) const {
    const auto rejected = rejected_.find(change.number);
    if (rejected == rejected_.end()) {
      return {.outcome = told_.contains(change.id) ? Outcome::kTold : Outcome::kAsSent};
    }
    const auto& [number, why] = *rejected;
    return {.outcome = why.code == "unknown_task" ? Outcome::kUnknownTask : Outcome::kRejected,
            .code = why.code,
            .detail = why.detail};
  }

 private:
  std::set<TaskId> told_;
  std::map<MutationId, Rejected> rejected_;
};

bool IsUnanswered(const TaskState& task, const Change& change) {
  return task.sent && task.sent->change.number == change.number;
}

// True: its number belongs to a copy of this device.
bool SettleOne(TaskBook& book, const Change& change, const Verdict& verdict, UnixMillis now, RunEnd& end) {
  book.replica.acked = std::max(book.replica.acked, change.number);
  if (verdict.code == kForked) return true;
  ++end.pushed;
  bool is_heard = false;
  book.Change(change.id, [&](TaskState& task) {
    is_heard = Settle(task, verdict.outcome, now);
    if (verdict.outcome == Outcome::kAsSent) task.named_in = book.replica.whole_state;
  });
  if (is_heard) return false;
  book.tx.AddRejection({.change = change, .code = verdict.code, .detail = verdict.detail, .at = now});
  ++end.rejections;
  return false;
}

}  // namespace

void NoteVerdicts(TaskBook& book, const std::vector<Change>& changes, const Page& page) {
  const Verdicts verdicts(page);
  for (const Change& change : changes) {
    book.Change(change.id, [&](TaskState& task) {
      if (IsUnanswered(task, change)) task.sent->verdict = verdicts.Of(change);
    });
  }
}

bool SettleAnswered(TaskBook& book, const std::vector<Change>& changes, const Page& page, UnixMillis now,
                    RunEnd& end) {
  const Verdicts verdicts(page);
  bool is_forked = false;
  for (const Change& change : changes) {
    if (!IsUnanswered(book.tx.Get(change.id), change)) continue;
    is_forked |= SettleOne(book, change, verdicts.Of(change), now, end);
  }
  for (const TaskState& task : book.tx.ListSent()) {
    if (task.sent->verdict) is_forked |= SettleOne(book, task.sent->change, *task.sent->verdict, now, end);
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
