#include "tests/scenarios/sync_json.h"

#include <stdexcept>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "tests/scenarios/json_reading.h"

namespace tidemark::scenarios {
namespace {

using namespace client;  // NOLINT: the protocol by its names

std::string Quoted(const std::string& etag) { return absl::StrCat("\"", etag, "\""); }

std::string Unquoted(const std::string& etag) {
  return etag.size() < 2 ? etag : etag.substr(1, etag.size() - 2);
}

int64_t Integer(const json::value& value) { return value.to_number<int64_t>(); }

void WriteFields(const Fields& fields, json::object& object) {
  if (fields.content) object["content"] = *fields.content;
  if (fields.completed) object["completed"] = *fields.completed;
  if (fields.pinned) object["pinned"] = *fields.pinned;
  if (fields.restores()) object["deleted_at"] = nullptr;
  if (fields.deletes()) object["deleted_at"] = fields.deleted_at->value;
}

json::object Written(const Change& change) {
  json::object object{
      {"id", change.id.value()}, {"version", change.version.value}, {"updated_at", change.updated_at.value}};
  if (change.number.value > 0) object["mutation_id"] = change.number.value;
  if (!change.device.empty()) object["device_id"] = change.device.value();
  if (change.created_at) object["created_at"] = change.created_at->value;
  WriteFields(change.fields, object);
  return object;
}

json::array Written(const std::vector<Change>& changes) {
  json::array array;
  for (const Change& change : changes) array.push_back(Written(change));
  return array;
}

json::object Named(const char* name, json::object members) { return {{name, std::move(members)}}; }

Fields ReadFields(const json::object& object) {
  Fields fields;
  fields.content = MaybeText(object, "content");
  if (const json::value* completed = Find(object, "completed")) fields.completed = completed->as_bool();
  if (const json::value* pinned = Find(object, "pinned")) fields.pinned = pinned->as_bool();
  if (const json::value* deleted = Find(object, "deleted_at")) {
    fields.deleted_at = deleted->is_null() ? kLive : UnixMillis{Integer(*deleted)};
  }
  return fields;
}

Field ReadField(const std::string& name) {
  if (name == "content") return Field::kContent;
  if (name == "completed") return Field::kCompleted;
  if (name == "pinned") return Field::kPinned;
  return Field::kDeletedAt;
}

FieldEdit ReadFieldEdit(const json::object& object) {
  FieldEdit edit{.updated_at = {Integer(object.at("updated_at"))},
                 .device = DeviceId(Text(object.at("device_id")))};
  const json::value& value = object.at("value");
  if (value.is_string()) {
    edit.value = Text(value);
  } else if (value.is_bool()) {
    edit.value = value.as_bool();
  } else {
    edit.value = value.is_null() ? kLive : UnixMillis{Integer(value)};
  }
  return edit;
}

Conflict ReadConflict(const json::object& object) {
  return {.id = TaskId(Text(object.at("id"))),
          .field = ReadField(Text(object.at("field"))),
          .winner = Text(object.at("winner")) == "server" ? Winner::kServer : Winner::kClient,
          .kept = ReadFieldEdit(object.at("kept").as_object()),
          .discarded = ReadFieldEdit(object.at("discarded").as_object()),
          .at = {Integer(object.at("at"))}};
}

Rejected ReadRejected(const json::object& object) {
  return {.id = TaskId(Text(object.at("id"))),
          .number = {Integer(object.at("mutation_id"))},
          .code = Text(object.at("code")),
          .detail = MaybeText(object, "detail").value_or("")};
}

// Of the list `name`, which may be absent, each item.
template <typename T, typename F>
std::vector<T> ReadList(const json::object& object, const char* name, F read) {
  std::vector<T> list;
  if (const json::value* items = Find(object, name)) {
    for (const json::value& item : items->as_array()) list.push_back(read(item));
  }
  return list;
}

std::vector<Update> ReadUpdates(const json::object& answer) {
  return ReadList<Update>(answer, "updates",
                          [](const json::value& item) { return ReadUpdate(item.as_object()); });
}
std::vector<Conflict> ReadConflicts(const json::object& answer) {
  return ReadList<Conflict>(answer, "conflicts",
                            [](const json::value& item) { return ReadConflict(item.as_object()); });
}

Page ReadPage(const json::object& answer) {
  OnlyHas(answer,
          {"updates", "deleted", "conflicts", "rejected", "server_time", "epoch", "etag", "has_more", "page",
           "full_resync", "full_resync_reason", "pull_deferred", "retry_after", "next_sync_in"});
  Page page{
      .updates = ReadUpdates(answer),
      .deleted = ReadList<TaskId>(answer, "deleted", [](const json::value& id) { return TaskId(Text(id)); }),
      .conflicts = ReadConflicts(answer),
      .rejected = ReadList<Rejected>(answer, "rejected",
                                     [](const json::value& item) { return ReadRejected(item.as_object()); }),
      .server_time = {Integer(answer.at("server_time"))},
      .epoch = Epoch(MaybeText(answer, "epoch").value_or("e1"))};
  if (const auto etag = MaybeText(answer, "etag")) page.etag = Quoted(*etag);
  page.page = MaybeText(answer, "page");
  if (Flag(answer, "full_resync")) {
    page.full_resync = Text(answer.at("full_resync_reason")) == "purged" ? Resync::kPurged : Resync::kRewound;
  }
  if (Flag(answer, "pull_deferred")) page.pull_deferred = Seconds(answer.at("retry_after"));
  page.next_sync_in = MaybeSeconds(answer, "next_sync_in");
  return page;
}

V1Page ReadV1Page(const json::object& answer) {
  return {.updates = ReadUpdates(answer),
          .conflicts = ReadConflicts(answer),
          .server_time = {Integer(answer.at("server_time"))},
          .full_resync = Flag(answer, "full_resync")};
}

}  // namespace

json::object Written(const Ask& ask) {
  if (const auto* check = std::get_if<CheckAsk>(&ask)) {
    return Named("check", {{"device_id", check->device.value()}, {"if_none_match", Unquoted(check->etag)}});
  }
  if (const auto* v1 = std::get_if<V1Ask>(&ask)) {
    return Named("v1_sync", {{"last_sync", v1->last_sync.value}, {"changes", Written(v1->changes)}});
  }
  const auto& sync = std::get<SyncAsk>(ask);
  json::object members{{"last_sync", sync.last_sync.value},
                       {"device_id", sync.device.value()},
                       {"acked", sync.acked.value},
                       {"limit", sync.limit},
                       {"changes", Written(sync.changes)}};
  if (sync.client_time) members["client_time"] = sync.client_time->value;
  if (sync.epoch) members["epoch"] = sync.epoch->value();
  if (sync.page) members["page"] = *sync.page;
  if (sync.if_none_match) members["if_none_match"] = Unquoted(*sync.if_none_match);
  return Named("sync", std::move(members));
}

Answer ReadAnswer(const json::object& answer, bool v1) {
  if (const json::value* error = Find(answer, "error")) {
    const json::object& told = error->as_object();
    return Error(CodeNamed(Text(told.at("code"))).value(), "told by the scenario",
                 {.retry_after = MaybeSeconds(told, "retry_after")});
  }
  if (Find(answer, "not_modified")) {
    return CheckAnswer{.not_modified = Flag(answer, "not_modified"),
                       .etag = Quoted(Text(answer.at("etag"))),
                       .next_sync_in = MaybeSeconds(answer, "next_sync_in")};
  }
  if (v1) return ReadV1Page(answer);
  return ReadPage(answer);
}

Update ReadUpdate(const json::object& task) {
  OnlyHas(task, {"id", "version", "updated_at", "device_id", "created_at", "content", "completed", "pinned",
                 "deleted_at"});
  Update update{.id = TaskId(Text(task.at("id"))),
                .version = {Integer(task.at("version"))},
                .updated_at = {Integer(task.at("updated_at"))},
                .device = DeviceId(Text(task.at("device_id"))),
                .fields = ReadFields(task)};
  if (const json::value* created = Find(task, "created_at"))
    update.created_at = UnixMillis{Integer(*created)};
  return update;
}

}  // namespace tidemark::scenarios
