#include "tests/simulation/client_wire.h"

#include <utility>

#include "services/sync/domain/etag.h"

namespace tidemark::simulation {
namespace {

using sync::Field;

sync::Change ToChange(const client::Change& change) {
  sync::Change sent;
  sent.id = change.id;
  sent.mutation = sync::MutationId{change.number.value};
  sent.version = {change.version.value};
  sent.updated_at = change.updated_at;
  sent.device = change.device;
  sent.created_at = change.created_at;
  sent.fields = ToFields(change.fields);
  return sent;
}

sync::SyncRequest ToSyncRequest(const client::SyncAsk& ask) {
  sync::SyncRequest request;
  request.last_sync = {ask.last_sync.value};
  if (ask.epoch) request.epoch = sync::Epoch(ask.epoch->value());
  request.device = ask.device;
  request.acked = sync::MutationId{ask.acked.value};
  request.client_time = ask.client_time;
  request.limit = ask.limit;
  request.page = ask.page;
  request.if_none_match = ask.if_none_match;
  for (const client::Change& change : ask.changes) request.changes.push_back(ToChange(change));
  return request;
}

client::Fields ToClient(const sync::PerField<std::optional<sync::FieldValue>>& fields) {
  client::Fields given;
  if (const auto& content = fields[Field::kContent]) given.content = std::get<std::string>(*content);
  if (const auto& completed = fields[Field::kCompleted]) given.completed = std::get<bool>(*completed);
  if (const auto& pinned = fields[Field::kPinned]) given.pinned = std::get<bool>(*pinned);
  if (const auto& deleted = fields[Field::kDeletedAt]) given.deleted_at = std::get<UnixMillis>(*deleted);
  return given;
}

client::Update ToClient(const sync::TaskUpdate& update) {
  return {.id = update.id,
          .version = {update.version.value},
          .updated_at = update.updated_at,
          .device = update.device,
          .created_at = update.created_at,
          .fields = ToClient(update.fields)};
}

client::FieldEdit ToClient(const sync::FieldEdit& edit) {
  return {.value = edit.value, .updated_at = edit.updated_at, .device = edit.device};
}

client::Conflict ToClient(const sync::Conflict& conflict) {
  return {
      .id = conflict.id,
      .field = static_cast<client::Field>(conflict.field),
      .winner = conflict.winner == sync::Winner::kServer ? client::Winner::kServer : client::Winner::kClient,
      .kept = ToClient(conflict.kept),
      .discarded = ToClient(conflict.discarded),
      .at = {conflict.at.value}};
}

client::Rejected ToClient(const sync::Rejection& rejection) {
  return {.id = rejection.id,
          .number = {rejection.mutation ? rejection.mutation->value : 0},
          .code = rejection.code,
          .detail = rejection.detail};
}

client::Page ToClient(const sync::SyncAnswer& answer) {
  client::Page page;
  for (const sync::TaskUpdate& update : answer.updates) page.updates.push_back(ToClient(update));
  page.deleted = answer.deleted;
  for (const sync::Conflict& conflict : answer.conflicts) page.conflicts.push_back(ToClient(conflict));
  for (const sync::Rejection& rejection : answer.rejected) page.rejected.push_back(ToClient(rejection));
  page.server_time = {answer.server_time.value};
  page.epoch = client::Epoch(answer.epoch.value());
  if (answer.head) page.etag = sync::FormatEtag(*answer.head);
  page.page = answer.page;
  if (answer.full_resync) {
    page.full_resync =
        *answer.full_resync == sync::Resync::kPurged ? client::Resync::kPurged : client::Resync::kRewound;
  }
  page.pull_deferred = answer.pull_deferred;
  page.next_sync_in = absl::Seconds(answer.next_sync_in);
  return page;
}

}  // namespace

sync::PerField<std::optional<sync::FieldValue>> ToFields(const client::Fields& fields) {
  sync::PerField<std::optional<sync::FieldValue>> given;
  if (fields.content) given[Field::kContent] = *fields.content;
  if (fields.completed) given[Field::kCompleted] = *fields.completed;
  if (fields.pinned) given[Field::kPinned] = *fields.pinned;
  if (fields.deleted_at) given[Field::kDeletedAt] = *fields.deleted_at;
  return given;
}

sync::TaskUpdate ToUpdate(const client::Row& row) {
  sync::TaskUpdate update;
  update.id = row.id;
  update.version = {row.version.value};
  update.updated_at = row.updated_at;
  update.device = row.device;
  update.created_at = row.created_at;
  update.fields[Field::kContent] = row.content;
  update.fields[Field::kCompleted] = row.completed;
  update.fields[Field::kPinned] = row.pinned;
  update.fields[Field::kDeletedAt] = row.deleted_at;
  return update;
}

Request ToRequest(const client::Ask& ask) {
  if (const auto* check = std::get_if<client::CheckAsk>(&ask)) return CheckRequest{check->etag};
  return ToSyncRequest(std::get<client::SyncAsk>(ask));
}

client::Answer ToClient(const Answer& answer) {
  if (const auto* status = std::get_if<absl::Status>(&answer)) return *status;
  if (const auto* check = std::get_if<sync::CheckAnswer>(&answer)) {
    return client::CheckAnswer{.not_modified = check->not_modified,
                               .etag = sync::FormatEtag(check->head),
                               .next_sync_in = absl::Seconds(check->next_sync_in)};
  }
  return ToClient(std::get<sync::SyncAnswer>(answer));
}

}  // namespace tidemark::simulation
