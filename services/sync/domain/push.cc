#include "services/sync/domain/push.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "services/sync/domain/limits.h"

namespace tidemark::sync {
namespace {

bool Deletes(const Change& change) {
  const std::optional<FieldValue>& deleted_at = change.fields[Field::kDeletedAt];
  return deleted_at && SaysDeleted(*deleted_at);
}

class Pusher {
 public:
  Pusher(const PushRequest& request, PushState state) : request_(request) {
    result_.state = std::move(state);
  }

  PushResult Run() {
    for (const Change& change : request_.changes) Receive(change);
    if (request_.acked && !request_.device.empty()) LedgerOf(request_.device).Forget(*request_.acked);
    return std::move(result_);
  }

 private:
  // Numbered changes pass the ledger first; it decides whether they are applied at all.
  void Receive(const Change& change) {
    if (!change.mutation) {
      if (std::optional<Flaw> flaw = Apply(change)) Reject(change, flaw->code, flaw->detail);
      return;
    }
    if (std::optional<Flaw> flaw = FindWriterFlaw(change)) return Reject(change, flaw->code, flaw->detail);
    DeviceLedger& ledger = LedgerOf(change.device);
    switch (ledger.Recognise(change)) {
      case Delivery::kNew: {
        const std::optional<Flaw> flaw = Apply(change);
        ledger.Record(change, flaw ? std::string(flaw->code) : "");
        if (flaw) Reject(change, flaw->code, flaw->detail);
        return;
      }
      case Delivery::kRetry: {
        const std::string code = ledger.RejectedAs(change);
        if (!code.empty()) return Reject(change, code, "was rejected before");
        result_.told.insert(change.id);
        return;
      }
      case Delivery::kForked:
        return Reject(change, "device_forked",
                      absl::StrCat("mutation_id ", change.mutation->value,
                                   " was used for another change; each change needs a new number, and a copy "
                                   "of a device a new device_id"));
    }
  }

  std::optional<Flaw> Apply(const Change& change) {
    if (std::optional<Flaw> flaw = FindFlaw(change)) return flaw;
    const auto stored = tasks().find(change.id);
    if (stored == tasks().end()) return ApplyToNothing(change);
    if (!request_.full_objects && change.version.value > stored->second.version.value + kVersionLeadMax) {
      return Flaw{"bad_version",
                  absl::StrCat("version ", change.version.value, " is more than ", kVersionLeadMax,
                               " ahead of the stored ", stored->second.version.value),
                  "version"};
    }
    ApplyToTask(change, stored->second);
    return std::nullopt;
  }

  std::optional<Flaw> ApplyToNothing(const Change& change) {
    if (Deletes(change)) {
      result_.told.insert(change.id);
      return std::nullopt;
    }
    if (!change.fields[Field::kContent]) {
      return Flaw{"unknown_task", "no such task; a new task must carry content", "content"};
    }
    Store(Create(change, NextStamp()));
    return std::nullopt;
  }

  void ApplyToTask(const Change& change, const TaskRow& row) {
    Basis basis{.cursor = request_.cursor, .full_object = request_.full_objects, .held = {}, .heard = {}};
    if (const auto held = result_.state.held.find(change.id); held != result_.state.held.end()) {
      basis.held = held->second;
    }
    if (const auto heard = result_.state.heard.find(change.id); heard != result_.state.heard.end()) {
      basis.heard = heard->second;
    }
    Merged merged = Merge(row, change, basis, NextStamp());
    if (!merged.as_sent) result_.told.insert(change.id);
    if (!merged.changed && merged.conflicts.empty()) return;
    // A conflict uses up a stamp even when it changes no row, so that a cursor before it will pull it.
    Use(NextStamp());
    if (merged.changed) Store(std::move(merged.task));
    std::move(merged.conflicts.begin(), merged.conflicts.end(), std::back_inserter(result_.conflicts));
    std::move(merged.history.begin(), merged.history.end(), std::back_inserter(result_.history));
  }

  // Each stamp is greater than all before it, whatever the clock does (SPEC 5.1).
  Stamp NextStamp() const { return {std::max(request_.now.value, head().high_water.value + 1)}; }

  void Use(Stamp stamp) { head().high_water = stamp; }

  void Store(TaskRow task) {
    Use(task.stamp);
    const TaskId id = task.id;
    if (const auto old = tasks().find(id); old != tasks().end()) Count(old->second, -1);
    Count(task, +1);
    tasks().insert_or_assign(id, std::move(task));
    result_.written.insert(id);
  }

  void Count(const TaskRow& task, int sign) {
    if (task.deleted()) return;
    head().live_count += sign;
    head().version_sum += sign * task.version.value;
  }

  void Reject(const Change& change, std::string_view code, std::string detail) {
    result_.rejected.push_back({change.id, change.mutation, std::string(code), std::move(detail)});
  }

  Head& head() { return result_.state.head; }
  const Head& head() const { return result_.state.head; }
  std::map<TaskId, TaskRow>& tasks() { return result_.state.tasks; }

  DeviceLedger& LedgerOf(const DeviceId& device) {
    DeviceLedger& ledger = result_.state.ledgers[device];
    ledger.device = device;
    return ledger;
  }

  const PushRequest& request_;
  PushResult result_;
};

}  // namespace

PushResult ApplyPush(const PushRequest& request, PushState state) {
  return Pusher(request, std::move(state)).Run();
}

}  // namespace tidemark::sync
