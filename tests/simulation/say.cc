#include "tests/simulation/say.h"

#include "services/sync/domain/etag.h"
#include "tests/simulation/local_tasks.h"

namespace tidemark::simulation {
namespace {

std::string SayUpdates(const std::vector<sync::TaskUpdate>& updates) {
  std::string text;
  for (const sync::TaskUpdate& update : updates) {
    text += "; " + update.id.value() + " v" + std::to_string(update.version.value) + SayFields(update.fields);
  }
  return text;
}

}  // namespace

std::string Say(const Request& request) {
  if (std::get_if<CheckRequest>(&request)) return "check";
  std::string text;
  const auto* sync = std::get_if<sync::SyncRequest>(&request);
  const auto& v1 = sync ? sync::SyncV1Request() : std::get<sync::SyncV1Request>(request);
  if (sync) {
    text = "sync after " + std::to_string(sync->last_sync.value % 10'000'000);
    if (sync->page) text += " next page";
    if (sync->limit < 1000) text += " limit " + std::to_string(sync->limit);
  } else {
    text = "v1 sync after " + std::to_string(v1.last_sync.value % 10'000'000);
  }
  for (const sync::Change& change : sync ? sync->changes : v1.changes) {
    text += "; " + (change.mutation ? "#" + std::to_string(change.mutation->value) + " " : std::string()) +
            change.id.value() + " v" + std::to_string(change.version.value) + SayFields(change.fields);
  }
  return text;
}

std::string Say(const Answer& answer) {
  if (const auto* status = std::get_if<absl::Status>(&answer)) return std::string(status->message());
  if (const auto* check = std::get_if<sync::CheckAnswer>(&answer)) {
    return (check->not_modified ? "304 " : "200 ") + sync::FormatEtag(check->head);
  }
  if (const auto* v1 = std::get_if<V1Answer>(&answer)) {
    return "v1 through " + std::to_string(v1->server_time.value % 10'000'000) + SayUpdates(v1->updates);
  }
  const auto& sync = std::get<sync::SyncAnswer>(answer);
  std::string text = "through " + std::to_string(sync.server_time.value % 10'000'000);
  if (sync.full_resync) text += *sync.full_resync == sync::Resync::kPurged ? " (purged)" : " (rewound)";
  if (sync.page) text += " (more)";
  if (sync.pull_deferred) text += " (deferred)";
  text += SayUpdates(sync.updates);
  for (const TaskId& id : sync.deleted) text += "; " + id.value() + " deleted";
  for (const sync::Conflict& conflict : sync.conflicts) {
    text += "; conflict on " + conflict.id.value() + " at " + std::to_string(conflict.at.value % 10'000'000);
  }
  for (const sync::Rejection& rejection : sync.rejected)
    text += "; " + rejection.id.value() + " " + rejection.code;
  return text;
}

}  // namespace tidemark::simulation
