#include "client/transport/grpc/convert.h"

#include <utility>

namespace tidemark::client {
namespace {

Field FromProto(v1::Field field) {
  switch (field) {
    case v1::FIELD_COMPLETED:
      return Field::kCompleted;
    case v1::FIELD_PINNED:
      return Field::kPinned;
    case v1::FIELD_DELETED_AT:
      return Field::kDeletedAt;
    default:
      return Field::kContent;
  }
}

FieldValue FromProto(const v1::FieldValue& value) {
  switch (value.value_case()) {
    case v1::FieldValue::kFlag:
      return value.flag();
    case v1::FieldValue::kTime:
      return UnixMillis{value.time()};
    default:
      return value.text();
  }
}

FieldEdit FromProto(const v1::FieldEdit& edit) {
  return {.value = FromProto(edit.value()),
          .updated_at = UnixMillis{edit.updated_at()},
          .device = DeviceId(edit.device_id())};
}

Conflict FromProto(const v1::Conflict& conflict) {
  return {.id = TaskId(conflict.id()),
          .field = FromProto(conflict.field()),
          .winner = conflict.winner() == v1::WINNER_CLIENT ? Winner::kClient : Winner::kServer,
          .kept = FromProto(conflict.kept()),
          .discarded = FromProto(conflict.discarded()),
          .at = Stamp{conflict.at()}};
}

Rejected FromProto(const v1::Rejected& rejected) {
  return {.id = TaskId(rejected.id()),
          .number = MutationId{rejected.mutation_id()},
          .code = rejected.code(),
          .detail = rejected.detail()};
}

Update FromProto(const v1::Task& task) {
  Update update{.id = TaskId(task.id()),
                .version = Version{task.version()},
                .updated_at = UnixMillis{task.updated_at()},
                .device = DeviceId(task.device_id()),
                .created_at = std::nullopt,
                .fields = {}};
  if (task.has_created_at()) update.created_at = UnixMillis{task.created_at()};
  if (task.has_content()) update.fields.content = task.content();
  if (task.has_completed()) update.fields.completed = task.completed();
  if (task.has_pinned()) update.fields.pinned = task.pinned();
  if (task.has_deleted_at()) update.fields.deleted_at = UnixMillis{task.deleted_at()};
  return update;
}

void ToProto(const Change& change, v1::Change& message) {
  message.set_id(change.id.value());
  if (change.number.value != 0) message.set_mutation_id(change.number.value);
  message.set_version(change.version.value);
  message.set_updated_at(change.updated_at.value);
  message.set_device_id(change.device.value());
  if (change.created_at) message.set_created_at(change.created_at->value);
  if (change.fields.content) message.set_content(*change.fields.content);
  if (change.fields.completed) message.set_completed(*change.fields.completed);
  if (change.fields.pinned) message.set_pinned(*change.fields.pinned);
  if (change.fields.deleted_at) message.set_deleted_at(change.fields.deleted_at->value);
}

std::optional<Resync> ResyncOf(const v1::SyncResponse& message) {
  if (!message.full_resync()) return std::nullopt;
  const bool rewound = message.full_resync_reason() == v1::FULL_RESYNC_REASON_REWOUND;
  return rewound ? Resync::kRewound : Resync::kPurged;
}

Reason FromProto(v1::Reason reason) {
  switch (reason) {
    case v1::REASON_CONFLICT:
      return Reason::kConflict;
    case v1::REASON_DELETED:
      return Reason::kDeleted;
    default:
      return Reason::kOverwritten;
  }
}

}  // namespace

v1::CheckRequest ToProto(const CheckAsk& ask) {
  v1::CheckRequest message;
  message.set_device_id(ask.device.value());
  message.set_if_none_match(ask.etag);
  return message;
}

v1::SyncRequest ToProto(const SyncAsk& ask) {
  v1::SyncRequest message;
  message.set_last_sync(ask.last_sync.value);
  if (ask.epoch) message.set_epoch(ask.epoch->value());
  message.set_device_id(ask.device.value());
  message.set_acked(ask.acked.value);
  if (ask.client_time) message.set_client_time(ask.client_time->value);
  message.set_limit(ask.limit);
  if (ask.page) message.set_page(*ask.page);
  if (ask.if_none_match) message.set_if_none_match(*ask.if_none_match);
  for (const Change& change : ask.changes) ToProto(change, *message.add_changes());
  return message;
}

v1::SyncV1Request ToProto(const V1Ask& ask) {
  v1::SyncV1Request message;
  message.set_last_sync(ask.last_sync.value);
  for (const Change& change : ask.changes) ToProto(change, *message.add_changes());
  return message;
}

CheckAnswer FromProto(const v1::CheckResponse& message) {
  return {.not_modified = message.not_modified(), .etag = message.etag()};
}

Page FromProto(const v1::SyncResponse& message) {
  Page page;
  for (const v1::Task& task : message.updates()) page.updates.push_back(FromProto(task));
  for (const std::string& id : message.deleted()) page.deleted.emplace_back(id);
  for (const v1::Conflict& conflict : message.conflicts()) page.conflicts.push_back(FromProto(conflict));
  for (const v1::Rejected& rejected : message.rejected()) page.rejected.push_back(FromProto(rejected));
  page.server_time = Stamp{message.server_time()};
  page.epoch = Epoch(message.epoch());
  if (message.has_etag()) page.etag = message.etag();
  if (message.has_more()) page.page = message.page();
  page.full_resync = ResyncOf(message);
  if (message.pull_deferred()) page.pull_deferred = absl::Seconds(message.retry_after());
  if (message.next_sync_in() > 0) page.next_sync_in = absl::Seconds(message.next_sync_in());
  return page;
}

void AddPart(const v1::SyncV1Response& message, V1Page& page) {
  for (const v1::Task& task : message.updates()) page.updates.push_back(FromProto(task));
  for (const v1::Conflict& conflict : message.conflicts()) page.conflicts.push_back(FromProto(conflict));
  if (message.has_server_time()) page.server_time = Stamp{message.server_time()};
  page.full_resync = page.full_resync || message.full_resync();
}

std::vector<HistoryEntry> FromProto(const v1::GetHistoryResponse& message) {
  std::vector<HistoryEntry> history;
  for (const v1::HistoryEntry& entry : message.history()) {
    history.push_back({.field = FromProto(entry.field()),
                       .value = FromProto(entry.value()),
                       .version = Version{entry.version()},
                       .updated_at = UnixMillis{entry.updated_at()},
                       .device = DeviceId(entry.device_id()),
                       .at = Stamp{entry.at()},
                       .reason = FromProto(entry.reason())});
  }
  return history;
}

std::vector<DeviceStatus> FromProto(const v1::ListDevicesResponse& message) {
  std::vector<DeviceStatus> devices;
  for (const v1::Device& device : message.devices()) {
    devices.push_back({.device = DeviceId(device.device_id()),
                       .last_seen = UnixMillis{device.last_seen()},
                       .cursor = Stamp{device.cursor()},
                       .up_to_date = device.up_to_date(),
                       .changes_behind = device.changes_behind()});
  }
  return devices;
}

Usage FromProto(const v1::GetUsageResponse& message) {
  Usage usage{.buckets = {},
              .quota_state = message.quota().state(),
              .quota_reset_after = absl::Seconds(message.quota().reset_after())};
  for (const v1::BucketUsage& bucket : message.buckets()) {
    usage.buckets.push_back({.policy = bucket.policy(),
                             .remaining = bucket.remaining(),
                             .limit = bucket.limit(),
                             .reset = absl::Seconds(bucket.reset_after()),
                             .window = absl::Seconds(bucket.window())});
  }
  return usage;
}

Tokens FromProto(const v1::Tokens& message) {
  return {.user_id = message.user_id(),
          .access_token = message.access_token(),
          .expires_in = absl::Seconds(message.expires_in()),
          .refresh_token = message.refresh_token()};
}

std::vector<SessionInfo> FromProto(const v1::ListSessionsResponse& message) {
  std::vector<SessionInfo> sessions;
  for (const v1::Session& session : message.sessions()) {
    sessions.push_back({.id = SessionId(session.id()),
                        .device = DeviceId(session.device_id()),
                        .created_at = UnixMillis{session.created_at()},
                        .last_used_at = UnixMillis{session.last_used_at()},
                        .current = session.current()});
  }
  return sessions;
}

}  // namespace tidemark::client
