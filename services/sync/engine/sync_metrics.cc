#include "services/sync/engine/sync_metrics.h"

namespace tidemark::sync {
namespace {

// What a label is given of these, so that their number is bounded; a code that is none is "other".
constexpr const char* kCodes[] = {"bad_content",  "bad_device_id", "bad_id",           "bad_mutation_id",
                                  "bad_time",     "bad_version",   "content_too_long", "device_forked",
                                  "unknown_task", "other"};

const char* NameOf(Field field) {
  switch (field) {
    case Field::kContent:
      return "content";
    case Field::kCompleted:
      return "completed";
    case Field::kPinned:
      return "pinned";
    case Field::kDeletedAt:
      return "deleted_at";
  }
  return "";
}

metrics::Counter& Checks(metrics::Registry& registry, const char* result) {
  return registry.AddCounter("tidemark_checks_total", "Checks answered.", {{"result", result}});
}

metrics::Counter& Syncs(metrics::Registry& registry, const char* end) {
  return registry.AddCounter("tidemark_syncs_total",
                             "Syncs that ended, by how. A check that was answered \"modified\" ends none.",
                             {{"end", end}});
}

metrics::Counter& Conflicts(metrics::Registry& registry, Field field, const char* winner) {
  return registry.AddCounter("tidemark_conflicts_total", "Conflicts decided.",
                             {{"field", NameOf(field)}, {"winner", winner}});
}

}  // namespace

SyncMetrics::SyncMetrics(metrics::Registry& registry, ActiveUsers& users)
    : users_(users),
      checks_{&Checks(registry, "modified"), &Checks(registry, "not_modified")},
      syncs_{&Syncs(registry, "not_modified"), &Syncs(registry, "pulled"), &Syncs(registry, "pushed"),
             &Syncs(registry, "v1")},
      accepted_(registry.AddCounter("tidemark_changes_accepted_total",
                                    "Changes that pushes brought and that were stored, or had been before.")),
      written_(registry.AddCounter("tidemark_tasks_written_total", "Tasks that pushes wrote.")) {
  for (const Field field : kFields) {
    conflicts_[field] = {&Conflicts(registry, field, "server"), &Conflicts(registry, field, "client")};
  }
  for (const char* code : kCodes) {
    rejected_[code] =
        &registry.AddCounter("tidemark_changes_rejected_total",
                             "Changes that could not be stored, told to their device.", {{"code", code}});
  }
}

void SyncMetrics::Checked(const UserId& user, bool not_modified) {
  checks_[not_modified ? 1 : 0]->Increment();
  if (not_modified) Ended(user, SyncEnd::kNotModified);
}

void SyncMetrics::Ended(const UserId& user, SyncEnd end) {
  syncs_[static_cast<std::size_t>(end)]->Increment();
  users_.Note(user);
}

void SyncMetrics::Stored(std::size_t changes, const PushResult& result) {
  accepted_.Increment(static_cast<double>(changes - result.rejected.size()));
  written_.Increment(static_cast<double>(result.written.size()));
  for (const Conflict& conflict : result.conflicts) {
    conflicts_[conflict.field][conflict.winner == Winner::kClient ? 1 : 0]->Increment();
  }
  for (const Rejection& rejection : result.rejected) {
    const auto counter = rejected_.find(rejection.code);
    (counter == rejected_.end() ? rejected_.at("other") : counter->second)->Increment();
  }
}

}  // namespace tidemark::sync
