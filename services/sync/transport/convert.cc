#include "services/sync/transport/convert.h"

#include "common/status/error.h"
#include "services/sync/domain/etag.h"

namespace tidemark::sync {
namespace {

v1::Field FieldToProto(Field field) {
  switch (field) {
    case Field::kContent:
      return v1::FIELD_CONTENT;
    case Field::kCompleted:
      return v1::FIELD_COMPLETED;
    case Field::kPinned:
      return v1::FIELD_PINNED;
    case Field::kDeletedAt:
      return v1::FIELD_DELETED_AT;
  }
  return v1::FIELD_UNSPECIFIED;
}

// `default_device` wrote the changes that name no device.
Change FromProto(const v1::Change& message, const DeviceId& default_device) {
  Change change{.id = TaskId(message.id()),
                .mutation = std::nullopt,
                .version = {message.version()},
                .updated_at = {message.updated_at()},
                .edited_at = {message.updated_at()},
                .device = message.device_id().empty() ? default_device : DeviceId(message.device_id()),
                .created_at = std::nullopt,
                .fields = {}};
  if (message.has_mutation_id()) change.mutation = MutationId{message.mutation_id()};
  if (message.has_created_at()) change.created_at = UnixMillis{message.created_at()};
  if (message.has_content()) change.fields[Field::kContent] = message.content();
  if (message.has_completed()) change.fields[Field::kCompleted] = message.completed();
  if (message.has_pinned()) change.fields[Field::kPinned] = message.pinned();
  if (message.has_deleted_at()) change.fields[Field::kDeletedAt] = UnixMillis{message.deleted_at()};
  return change;
}

void ToProto(TaskUpdate update, v1::Task& message) {
  message.set_id(update.id.value());
  message.set_version(update.version.value);
  message.set_updated_at(update.updated_at.value);
  message.set_device_id(update.device.value());
  if (update.created_at) message.set_created_at(update.created_at->value);
  PerField<std::optional<FieldValue>>& fields = update.fields;
  if (fields[Field::kContent])
    message.set_content(std::get<std::string>(*std::move(fields[Field::kContent])));
  if (fields[Field::kCompleted]) message.set_completed(std::get<bool>(*fields[Field::kCompleted]));
  if (fields[Field::kPinned]) message.set_pinned(std::get<bool>(*fields[Field::kPinned]));
  if (fields[Field::kDeletedAt])
    message.set_deleted_at(std::get<UnixMillis>(*fields[Field::kDeletedAt]).value);
}

void ToProto(const FieldValue& value, v1::FieldValue& message) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    message.set_text(*text);
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    message.set_flag(*flag);
  } else {
    message.set_time(std::get<UnixMillis>(value).value);
  }
}

void ToProto(const FieldEdit& edit, v1::FieldEdit& message) {
  ToProto(edit.value, *message.mutable_value());
  message.set_updated_at(edit.updated_at.value);
  message.set_device_id(edit.device.value());
}

void ToProto(const Conflict& conflict, v1::Conflict& message) {
  message.set_id(conflict.id.value());
  message.set_field(FieldToProto(conflict.field));
  message.set_winner(conflict.winner == Winner::kServer ? v1::WINNER_SERVER : v1::WINNER_CLIENT);
  ToProto(conflict.kept, *message.mutable_kept());
  ToProto(conflict.discarded, *message.mutable_discarded());
  message.set_at(conflict.at.value);
}

void ToProto(const Rejection& rejection, v1::Rejected& message) {
  message.set_id(rejection.id.value());
  if (rejection.mutation) message.set_mutation_id(rejection.mutation->value);
  message.set_code(rejection.code);
  message.set_detail(rejection.detail);
}

v1::Reason ReasonToProto(Reason reason) {
  switch (reason) {
    case Reason::kOverwritten:
      return v1::REASON_OVERWRITTEN;
    case Reason::kConflict:
      return v1::REASON_CONFLICT;
    case Reason::kDeleted:
      return v1::REASON_DELETED;
  }
  return v1::REASON_UNSPECIFIED;
}

v1::FullResyncReason ReasonToProto(Resync resync) {
  return resync == Resync::kPurged ? v1::FULL_RESYNC_REASON_PURGED : v1::FULL_RESYNC_REASON_REWOUND;
}

}  // namespace

bool IsCheck(const v1::SyncRequest& request) {
  return !request.has_last_sync() && !request.has_epoch() && !request.has_device_id() &&
         !request.has_acked() && !request.has_client_time() && !request.has_limit() && !request.has_page() &&
         request.changes().empty();
}

SyncRequest FromProto(const v1::SyncRequest& message) {
  SyncRequest request;
  request.last_sync = {message.last_sync()};
  if (message.has_epoch()) request.epoch = Epoch(message.epoch());
  request.device = DeviceId(message.device_id());
  if (message.has_acked()) request.acked = MutationId{message.acked()};
  if (message.has_client_time()) request.client_time = UnixMillis{message.client_time()};
  if (message.has_limit()) request.limit = message.limit();
  if (message.has_page()) request.page = message.page();
  if (message.has_if_none_match()) request.if_none_match = message.if_none_match();
  for (const v1::Change& change : message.changes())
    request.changes.push_back(FromProto(change, request.device));
  return request;
}

SyncRequest FromProto(const v1::PullRequest& message) {
  SyncRequest request;
  request.last_sync = {message.last_sync()};
  if (message.has_epoch()) request.epoch = Epoch(message.epoch());
  request.device = DeviceId(message.device_id());
  if (message.has_limit()) request.limit = message.limit();
  return request;
}

SyncV1Request FromProto(const v1::SyncV1Request& message) {
  SyncV1Request request{.last_sync = {message.last_sync()}, .changes = {}};
  for (const v1::Change& change : message.changes()) request.changes.push_back(FromProto(change, DeviceId()));
  return request;
}

v1::SyncResponse ToProto(SyncAnswer answer) {
  v1::SyncResponse response;
  response.mutable_updates()->Reserve(static_cast<int>(answer.updates.size()));
  for (TaskUpdate& update : answer.updates) ToProto(std::move(update), *response.add_updates());
  for (const TaskId& id : answer.deleted) response.add_deleted(id.value());
  for (const Conflict& conflict : answer.conflicts) ToProto(conflict, *response.add_conflicts());
  for (const Rejection& rejection : answer.rejected) ToProto(rejection, *response.add_rejected());
  response.set_server_time(answer.server_time.value);
  response.set_epoch(answer.epoch.value());
  if (answer.head) response.set_etag(FormatEtag(*answer.head));
  if (answer.page) {
    response.set_has_more(true);
    response.set_page(*answer.page);
  }
  if (answer.full_resync) {
    response.set_full_resync(true);
    response.set_full_resync_reason(ReasonToProto(*answer.full_resync));
  }
  if (answer.pull_deferred) {
    response.set_pull_deferred(true);
    response.set_retry_after(RetryAfterSeconds(*answer.pull_deferred));
  }
  response.set_next_sync_in(answer.next_sync_in);
  return response;
}

v1::SyncV1Response ToProto(const SyncV1Part& part) {
  v1::SyncV1Response response;
  for (const TaskUpdate& update : part.updates) ToProto(update, *response.add_updates());
  for (const Conflict& conflict : part.conflicts) ToProto(conflict, *response.add_conflicts());
  if (part.server_time) response.set_server_time(part.server_time->value);
  response.set_full_resync(part.full_resync);
  return response;
}

v1::WatchResponse ToProto(const Head& head) {
  v1::WatchResponse response;
  response.set_etag(FormatEtag(head));
  return response;
}

v1::ExportResponse ToProto(const ExportPart& part) {
  v1::ExportResponse response;
  for (const TaskUpdate& task : part.tasks) ToProto(task, *response.add_tasks());
  v1::GetHistoryResponse* of_task = nullptr;
  for (const HistoryEntry& entry : part.history) {
    if (of_task == nullptr || of_task->id() != entry.id.value()) {
      of_task = response.add_histories();
      of_task->set_id(entry.id.value());
    }
    ToProto(entry, *of_task->add_history());
  }
  return response;
}

void ToProto(const HistoryEntry& entry, v1::HistoryEntry& message) {
  message.set_field(FieldToProto(entry.field));
  ToProto(entry.value, *message.mutable_value());
  message.set_version(entry.version.value);
  message.set_updated_at(entry.updated_at.value);
  message.set_device_id(entry.device.value());
  message.set_at(entry.at.value);
  message.set_reason(ReasonToProto(entry.reason));
}

void ToProto(const DeviceStatus& device, v1::Device& message) {
  message.set_device_id(device.device.value());
  message.set_last_seen(device.last_seen.value);
  message.set_cursor(device.cursor.value);
  message.set_up_to_date(device.up_to_date);
  message.set_changes_behind(device.changes_behind);
}

}  // namespace tidemark::sync
