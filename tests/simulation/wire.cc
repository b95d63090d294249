#include "tests/simulation/wire.h"

#include <cstdio>

namespace tidemark::simulation {
namespace {

using sync::Field;

v1::Change ToProto(const sync::Change& change) {
  v1::Change message;
  message.set_id(change.id.value());
  if (change.mutation) message.set_mutation_id(change.mutation->value);
  message.set_version(change.version.value);
  message.set_updated_at(change.updated_at.value);
  message.set_device_id(change.device.value());
  const auto& fields = change.fields;
  if (fields[Field::kContent]) message.set_content(std::get<std::string>(*fields[Field::kContent]));
  if (fields[Field::kCompleted]) message.set_completed(std::get<bool>(*fields[Field::kCompleted]));
  if (fields[Field::kPinned]) message.set_pinned(std::get<bool>(*fields[Field::kPinned]));
  if (const auto& deleted_at = fields[Field::kDeletedAt]) {
    message.set_deleted_at(std::get<UnixMillis>(*deleted_at).value);
  }
  return message;
}

sync::Head HeadOf(const std::string& etag) {
  long long count = 0, high_water = 0, version_sum = 0;
  std::sscanf(etag.c_str(), "\"%lld-%lld-%lld\"", &count, &high_water, &version_sum);
  return {.high_water = {high_water}, .live_count = count, .version_sum = version_sum, .purged_through = {}};
}

Field FieldFromProto(v1::Field field) {
  return static_cast<Field>(static_cast<int>(field) - static_cast<int>(v1::FIELD_CONTENT));
}

sync::FieldValue FromProto(const v1::FieldValue& value) {
  if (value.has_text()) return value.text();
  if (value.has_flag()) return value.flag();
  return UnixMillis{value.time()};
}

sync::FieldEdit FromProto(const v1::FieldEdit& edit) {
  return {FromProto(edit.value()), {edit.updated_at()}, DeviceId(edit.device_id())};
}

sync::TaskUpdate FromProto(const v1::Task& task) {
  sync::TaskUpdate update{.id = TaskId(task.id()),
                          .version = {task.version()},
                          .updated_at = {task.updated_at()},
                          .device = DeviceId(task.device_id()),
                          .created_at = std::nullopt,
                          .fields = {}};
  if (task.has_created_at()) update.created_at = UnixMillis{task.created_at()};
  if (task.has_content()) update.fields[Field::kContent] = task.content();
  if (task.has_completed()) update.fields[Field::kCompleted] = task.completed();
  if (task.has_pinned()) update.fields[Field::kPinned] = task.pinned();
  if (task.has_deleted_at()) update.fields[Field::kDeletedAt] = UnixMillis{task.deleted_at()};
  return update;
}

sync::Conflict FromProto(const v1::Conflict& conflict) {
  return {.id = TaskId(conflict.id()),
          .field = FieldFromProto(conflict.field()),
          .winner = conflict.winner() == v1::WINNER_SERVER ? sync::Winner::kServer : sync::Winner::kClient,
          .kept = FromProto(conflict.kept()),
          .discarded = FromProto(conflict.discarded()),
          .at = {conflict.at()}};
}

sync::Rejection FromProto(const v1::Rejected& rejected) {
  sync::Rejection rejection{TaskId(rejected.id()), std::nullopt, rejected.code(), rejected.detail()};
  if (rejected.has_mutation_id()) rejection.mutation = sync::MutationId{rejected.mutation_id()};
  return rejection;
}

sync::Reason FromProto(v1::Reason reason) {
  switch (reason) {
    case v1::REASON_CONFLICT:
      return sync::Reason::kConflict;
    case v1::REASON_DELETED:
      return sync::Reason::kDeleted;
    default:
      return sync::Reason::kOverwritten;
  }
}

}  // namespace

v1::CheckRequest ToProto(const CheckRequest& request) {
  v1::CheckRequest message;
  message.set_if_none_match(request.if_none_match);
  return message;
}

v1::SyncRequest ToProto(const sync::SyncRequest& request) {
  v1::SyncRequest message;
  message.set_last_sync(request.last_sync.value);
  if (request.epoch) message.set_epoch(request.epoch->value());
  message.set_device_id(request.device.value());
  if (request.acked) message.set_acked(request.acked->value);
  if (request.client_time) message.set_client_time(request.client_time->value);
  message.set_limit(request.limit);
  if (request.page) message.set_page(*request.page);
  if (request.if_none_match) message.set_if_none_match(*request.if_none_match);
  for (const sync::Change& change : request.changes) *message.add_changes() = ToProto(change);
  return message;
}

v1::SyncV1Request ToProto(const sync::SyncV1Request& request) {
  v1::SyncV1Request message;
  message.set_last_sync(request.last_sync.value);
  for (const sync::Change& change : request.changes) *message.add_changes() = ToProto(change);
  return message;
}

sync::CheckAnswer FromProto(const v1::CheckResponse& response) {
  return {.not_modified = response.not_modified(), .head = HeadOf(response.etag()), .epoch = {}};
}

sync::SyncAnswer FromProto(const v1::SyncResponse& response) {
  sync::SyncAnswer answer;
  for (const v1::Task& task : response.updates()) answer.updates.push_back(FromProto(task));
  for (const std::string& id : response.deleted()) answer.deleted.emplace_back(id);
  for (const v1::Conflict& conflict : response.conflicts()) answer.conflicts.push_back(FromProto(conflict));
  for (const v1::Rejected& rejected : response.rejected()) answer.rejected.push_back(FromProto(rejected));
  answer.server_time = {response.server_time()};
  answer.epoch = sync::Epoch(response.epoch());
  if (response.has_etag()) answer.head = HeadOf(response.etag());
  if (response.has_more()) answer.page = response.page();
  if (response.full_resync()) {
    const bool purged = response.full_resync_reason() == v1::FULL_RESYNC_REASON_PURGED;
    answer.full_resync = purged ? sync::Resync::kPurged : sync::Resync::kRewound;
  }
  if (response.pull_deferred()) answer.pull_deferred = absl::Seconds(response.retry_after());
  answer.next_sync_in = response.next_sync_in();
  return answer;
}

V1Answer FromProto(const v1::SyncV1Response& response) {
  V1Answer answer;
  for (const v1::Task& task : response.updates()) answer.updates.push_back(FromProto(task));
  for (const v1::Conflict& conflict : response.conflicts()) answer.conflicts.push_back(FromProto(conflict));
  answer.server_time = {response.server_time()};
  answer.full_resync = response.full_resync();
  return answer;
}

std::vector<sync::HistoryEntry> FromProto(const v1::GetHistoryResponse& response) {
  std::vector<sync::HistoryEntry> entries;
  for (const v1::HistoryEntry& entry : response.history()) {
    entries.push_back({.id = TaskId(response.id()),
                       .field = FieldFromProto(entry.field()),
                       .value = FromProto(entry.value()),
                       .version = {entry.version()},
                       .updated_at = {entry.updated_at()},
                       .device = DeviceId(entry.device_id()),
                       .at = {entry.at()},
                       .reason = FromProto(entry.reason())});
  }
  return entries;
}

}  // namespace tidemark::simulation
