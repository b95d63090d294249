#include "tests/simulation/v1_device.h"

#include <utility>

#include "common/status/error.h"

namespace tidemark::simulation {

using sync::Field;

V1Device::Edited V1Device::ObjectOf(const TaskId& id) const {
  const auto edited = kept_.edited.find(id);
  if (edited != kept_.edited.end()) return edited->second;
  Edited object;
  object.object.id = id;
  object.object.device = kept_.id;
  object.object.fields[Field::kCompleted] = object.object.fields[Field::kPinned] = false;
  object.object.fields[Field::kDeletedAt] = sync::kLive;
  if (const LocalTask* task = kept_.tasks.FindAlive(id)) {
    object.object.version = task->version;
    for (Field field : sync::kFields) object.object.fields[field] = task->fields[field];
    object.seen = {ContentOf(task->fields)};
  }
  return object;
}

std::string V1Device::Edit(Dice& dice, UnixMillis time, const std::string& content) {
  const TaskId id = PickTask(dice);
  Edited edited = ObjectOf(id);
  // A deleted task cannot be brought back.
  if (waiting() || Deletes(edited.object.fields[Field::kDeletedAt]) || kept_.tasks.KnowsAsDead(id)) return "";
  const bool is_new = !edited.object.fields[Field::kContent];
  const int64_t what = is_new ? 2 : dice.Below(8);
  Field field = Field::kContent;
  if (what == 0) {
    field = Field::kDeletedAt;
    edited.object.fields[field] = time;
  } else if (what < 5) {
    edited.object.fields[field] = content;
  } else {
    field = what < 7 ? Field::kCompleted : Field::kPinned;
    edited.object.fields[field] = !std::get<bool>(*edited.object.fields[field]);
  }
  edited.fields.insert(field);
  if (is_new) edited.fields.insert({Field::kCompleted, Field::kPinned});
  ++edited.object.version.value;
  edited.object.updated_at = time;
  kept_.edited.insert_or_assign(id, edited);
  return id.value() + SayFields(edited.object.fields);
}

std::optional<Outgoing> V1Device::Start(Dice&, UnixMillis, bool) {
  if (waiting()) return std::nullopt;
  Outgoing outgoing;
  sync::SyncV1Request request{.last_sync = kept_.cursor, .changes = {}};
  for (const auto& [id, edited] : kept_.edited) {
    request.changes.push_back(edited.object);
    for (const Field field : edited.fields) {
      outgoing.edits.push_back({id, field, *edited.object.fields[field], edited.object.updated_at,
                                edited.object.device, edited.seen});
    }
  }
  asked_ = request;
  outgoing.request = std::move(request);
  return outgoing;
}

std::string V1Device::Take(const Answer& answer) {
  const sync::SyncV1Request asked = *std::exchange(asked_, std::nullopt);
  if (const auto* status = std::get_if<absl::Status>(&answer)) {
    return ErrorInfoOf(*status).code == Code::kUnavailable ? ""
                                                           : "was refused: " + std::string(status->message());
  }
  const V1Answer& told = std::get<V1Answer>(answer);
  for (const sync::Change& change : asked.changes) kept_.tasks.TakeAsSent(change);
  if (told.full_resync) kept_.tasks = {};
  for (const sync::TaskUpdate& update : told.updates) {
    if (!kept_.tasks.Take(update)) return "was told fields of " + update.id.value();
  }
  for (const sync::Conflict& conflict : told.conflicts) {
    kept_.conflicts.insert({conflict.at.value, conflict.field});
  }
  kept_.edited.clear();
  if (kept_.cursor.value == 0 || told.full_resync) kept_.conflicts_since = told.server_time;
  kept_.cursor = told.server_time;
  return "";
}

void V1Device::ServiceWasRestored() {
  asked_.reset();
  kept_.edited.clear();
  kept_.tasks = {};
  kept_.cursor = {};
}

}  // namespace tidemark::simulation
