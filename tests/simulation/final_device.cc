#include "tests/simulation/final_device.h"

#include <algorithm>
#include <utility>

#include "common/status/error.h"
#include "services/sync/domain/etag.h"

namespace tidemark::simulation {
namespace {

using sync::Field;

const sync::Rejection* FindRejection(const sync::SyncAnswer& answer, const sync::Change& change) {
  const auto rejection =
      std::find_if(answer.rejected.begin(), answer.rejected.end(),
                   [&](const sync::Rejection& candidate) { return candidate.mutation == change.mutation; });
  return rejection == answer.rejected.end() ? nullptr : &*rejection;
}

bool Tells(const sync::SyncAnswer& answer, const TaskId& id) {
  return std::any_of(answer.updates.begin(), answer.updates.end(),
                     [&](const sync::TaskUpdate& update) { return update.id == id; }) ||
         std::find(answer.deleted.begin(), answer.deleted.end(), id) != answer.deleted.end();
}

// A text that the person had not read overlaps a deletion.
bool Overlap(const sync::PerField<std::optional<sync::FieldValue>>& pulled, const sync::Change& change) {
  const bool deletes = Deletes(change.fields[Field::kDeletedAt]);
  return std::any_of(sync::kFields.begin(), sync::kFields.end(), [&](Field field) {
    return pulled[field] && (change.fields[field] || (deletes && field == Field::kContent));
  });
}

}  // namespace

std::unique_ptr<Device> FinalDevice::Clone(const std::string& name) const {
  auto clone = std::make_unique<FinalDevice>(name, habits_);
  clone->kept_ = kept_;
  return clone;
}

// ---- a person's edits

std::optional<sync::PerField<sync::FieldValue>> FinalDevice::View(const TaskId& id) const {
  sync::PerField<sync::FieldValue> fields;
  const LocalTask* task = kept_.tasks.Find(id);
  if (task) fields = task->fields;
  bool shown = kept_.tasks.FindAlive(id) != nullptr;
  for (const Pending& entry : kept_.pending) {
    if (entry.change.id != id) continue;
    for (Field field : sync::kFields) {
      if (entry.change.fields[field]) fields[field] = *entry.change.fields[field];
    }
    const auto& deleted_at = entry.change.fields[Field::kDeletedAt];
    if (deleted_at) {
      shown = !Deletes(deleted_at);
    } else if (entry.change.fields[Field::kContent]) {
      shown = true;
    }
  }
  if (!shown) return std::nullopt;
  // A new task gives what it is; the rest is false.
  for (Field field : {Field::kCompleted, Field::kPinned}) {
    if (!std::holds_alternative<bool>(fields[field])) fields[field] = false;
  }
  return fields;
}

FinalDevice::Fields FinalDevice::MakeEdit(Dice& dice, const TaskId& id, UnixMillis time,
                                          const std::string& content) const {
  Fields fields;
  if (const auto view = View(id)) {
    const int64_t what = dice.Below(10);
    if (what < 2) {
      fields[Field::kDeletedAt] = time;
      return fields;
    }
    if (what < 6) fields[Field::kContent] = content;
    if (what == 5 || what == 6 || what == 7) {
      fields[Field::kCompleted] = !std::get<bool>((*view)[Field::kCompleted]);
    }
    if (what >= 8) fields[Field::kPinned] = !std::get<bool>((*view)[Field::kPinned]);
    return fields;
  }
  const LocalTask* dead = kept_.tasks.Find(id);
  const bool known = dead || std::any_of(kept_.pending.begin(), kept_.pending.end(),
                                         [&](const Pending& entry) { return entry.change.id == id; });
  if (known) fields[Field::kDeletedAt] = sync::kLive;
  if (known && dead && dice.OneIn(2)) return fields;
  // Brought back with another text: whole, for the tombstone may be gone.
  fields[Field::kContent] = content;
  if (known || dice.OneIn(3)) {
    fields[Field::kCompleted] = dice.OneIn(2);
    fields[Field::kPinned] = dice.OneIn(2);
  }
  return fields;
}

std::string FinalDevice::Edit(Dice& dice, UnixMillis time, const std::string& content) {
  const TaskId id = PickTask(dice);
  const Fields fields = MakeEdit(dice, id, time, content);
  Queue(id, fields, time);
  return id.value() + SayFields(fields);
}

void FinalDevice::Queue(const TaskId& id, const Fields& fields, UnixMillis time) {
  std::set<std::string> seen;
  if (const LocalTask* known = kept_.tasks.Find(id)) seen.insert(ContentOf(known->fields));
  for (const Pending& own : kept_.pending) {
    const auto& content = own.change.fields[Field::kContent];
    if (own.change.id == id && content) seen.insert(std::get<std::string>(*content));
  }
  Pending& entry = QueueEntry(id);
  entry.change.updated_at = time;
  for (Field field : sync::kFields) {
    if (!fields[field]) continue;
    entry.change.fields[field] = fields[field];
    entry.restated[field] = false;
    entry.seen[field] = seen;
  }
}

// The entry that an edit of the task made now belongs to.
FinalDevice::Pending& FinalDevice::QueueEntry(const TaskId& id) {
  auto& pending = kept_.pending;
  const auto last =
      std::find_if(pending.rbegin(), pending.rend(), [&](const Pending& e) { return e.change.id == id; });
  if (last != pending.rend() && !last->sent) return *last;
  Pending entry;
  if (last != pending.rend() && habits_.replaces && !IsInFlight(*last)) {
    entry = *last;
    entry.sent = false;
    pending.erase(std::next(last).base());
  } else {
    const LocalTask* known = kept_.tasks.FindAlive(id);
    entry.change.id = id;
    entry.change.device = kept_.id;
    entry.change.version = {known ? known->version.value + 1 : 1};
  }
  entry.change.mutation = sync::MutationId{++kept_.last_number};
  pending.push_back(std::move(entry));
  return pending.back();
}

bool FinalDevice::IsInFlight(const Pending& entry) const {
  if (!volatile_.asked) return false;
  const auto* request = std::get_if<sync::SyncRequest>(&*volatile_.asked);
  return request && std::any_of(request->changes.begin(), request->changes.end(),
                                [&](const sync::Change& c) { return c.mutation == entry.change.mutation; });
}

// ---- requests

sync::SyncRequest FinalDevice::NewRequest(UnixMillis time) const {
  sync::SyncRequest request;
  request.last_sync = kept_.cursor;
  request.epoch = kept_.epoch;
  request.device = kept_.id;
  request.acked = sync::MutationId{kept_.acked};
  if (habits_.tells_time) request.client_time = time;
  request.limit = habits_.page_limit;
  if (!kept_.etag.empty()) request.if_none_match = kept_.etag;
  return request;
}

std::optional<Outgoing> FinalDevice::Start(Dice& dice, UnixMillis time, bool calm) {
  if (waiting()) return std::nullopt;
  // What a first series brought that was given up may have been purged since.
  if (kept_.cursor.value == 0 && !volatile_.page) {
    kept_.tasks = {};
    ForgetBases();
  }
  Outgoing outgoing;
  sync::SyncRequest request = NewRequest(time);
  if (volatile_.page) {
    request.page = volatile_.page;
    outgoing.request = std::move(request);
  } else if (has_pending()) {
    Freeze(calm ? 1'000 : habits_.batch, request, outgoing.edits);
    outgoing.request = std::move(request);
  } else if (!calm && !kept_.etag.empty() && !volatile_.check_said_changed && dice.OneIn(2)) {
    outgoing.request = CheckRequest{kept_.etag};
  } else {
    outgoing.request = std::move(request);
  }
  volatile_.check_said_changed = false;
  volatile_.asked = outgoing.request;
  return outgoing;
}

// An edit outlives a purge: the text of a task that is not there is sent with all the rest of it.
void FinalDevice::Complete(Pending& entry) const {
  sync::Change& change = entry.change;
  const auto view = View(change.id);
  if (!view || !change.fields[Field::kContent] || kept_.tasks.FindAlive(change.id)) return;
  for (Field field : {Field::kCompleted, Field::kPinned}) {
    if (change.fields[field]) continue;
    change.fields[field] = (*view)[field];
    entry.restated[field] = true;
  }
}

// What was sent before goes first, all of it; then new changes, up to the batch.
void FinalDevice::Freeze(int64_t batch, sync::SyncRequest& request, std::vector<SentEdit>& edits) {
  for (Pending& entry : kept_.pending) {
    if (!entry.sent && batch-- <= 0) break;
    if (!entry.sent) Complete(entry);
    request.changes.push_back(entry.change);
    if (std::exchange(entry.sent, true)) continue;
    for (Field field : sync::kFields) {
      if (!entry.change.fields[field]) continue;
      edits.push_back({entry.change.id, field, *entry.change.fields[field], entry.change.updated_at,
                       entry.change.device, entry.seen[field], entry.restated[field]});
    }
  }
}

// ---- answers

std::string FinalDevice::Take(const Answer& answer) {
  const Request asked = *std::exchange(volatile_.asked, std::nullopt);
  if (const auto* status = std::get_if<absl::Status>(&answer)) {
    const Code code = ErrorInfoOf(*status).code;
    if (code == Code::kPageExpired) {
      volatile_.page.reset();
    } else if (code != Code::kUnavailable) {
      return "was refused: " + std::string(status->message());
    }
    return "";
  }
  if (const auto* check = std::get_if<sync::CheckAnswer>(&answer)) {
    volatile_.check_said_changed = !check->not_modified;
    return "";
  }
  return TakeSync(std::get<sync::SyncRequest>(asked), std::get<sync::SyncAnswer>(answer));
}

std::string FinalDevice::TakeSync(const sync::SyncRequest& request, const sync::SyncAnswer& answer) {
  if (!request.page) {
    volatile_.named.reset();
    volatile_.restored.reset();
    volatile_.resync = answer.full_resync.has_value();
    if (answer.full_resync == sync::Resync::kRewound) {
      volatile_.restored.emplace();
    } else if (answer.full_resync || (request.last_sync.value == 0 && !answer.pull_deferred)) {
      volatile_.named.emplace();
    }
  }
  // After a restore nothing of the request was stored, and its epoch is taken with its whole state.
  if (!volatile_.restored) {
    kept_.epoch = answer.epoch;
    TakeOutcomes(request, answer);
  }
  for (const sync::TaskUpdate& update : answer.updates) {
    const std::string complaint = TakeUpdate(update);
    if (!complaint.empty()) return complaint;
  }
  for (const TaskId& id : answer.deleted) TakeDeletion(id);
  for (const sync::Conflict& conflict : answer.conflicts) {
    kept_.conflicts.insert({conflict.at.value, conflict.field});
  }
  volatile_.page = answer.page;
  if (!answer.page && answer.head) EndSeries(answer);
  return "";
}

void FinalDevice::TakeOutcomes(const sync::SyncRequest& request, const sync::SyncAnswer& answer) {
  bool forked = false;
  for (const sync::Change& change : request.changes) {
    TakeOutcome(change, answer, forked);
    kept_.acked = std::max(kept_.acked, change.mutation->value);
  }
  if (forked) TakeNewIdentity();
}

void FinalDevice::TakeOutcome(const sync::Change& change, const sync::SyncAnswer& answer, bool& forked) {
  if (const sync::Rejection* rejection = FindRejection(answer, change)) {
    return TakeRejection(change, *rejection, forked);
  }
  std::erase_if(kept_.pending,
                [&](const Pending& entry) { return entry.change.mutation == change.mutation; });
  if (Tells(answer, change.id)) return;
  kept_.tasks.TakeAsSent(change);
  if (Deletes(change.fields[Field::kDeletedAt])) return TakeDeletion(change.id);
  if (volatile_.named) volatile_.named->insert(change.id);
  RaiseBase(change.id, change.version, {});
}

void FinalDevice::TakeRejection(const sync::Change& change, const sync::Rejection& rejection, bool& forked) {
  if (rejection.code == "device_forked") {
    forked = true;
    return;
  }
  kept_.rejected.insert({change.device, change.id});
  std::erase_if(kept_.pending,
                [&](const Pending& entry) { return entry.change.mutation == change.mutation; });
}

// This device was cloned, or is the clone: what is pending goes out under another name.
void FinalDevice::TakeNewIdentity() {
  kept_.id = DeviceId(name_ + ".f" + std::to_string(++kept_.forks));
  kept_.last_number = kept_.acked = 0;
  for (Pending& entry : kept_.pending) {
    entry.change.device = kept_.id;
    entry.change.mutation = sync::MutationId{++kept_.last_number};
    entry.sent = false;
  }
}

std::string FinalDevice::TakeUpdate(const sync::TaskUpdate& update) {
  LocalTasks& tasks = volatile_.restored ? *volatile_.restored : kept_.tasks;
  if (!tasks.Take(update)) return "was told fields of " + update.id.value() + ", which it does not have";
  if (volatile_.restored) return "";
  if (volatile_.named) volatile_.named->insert(update.id);
  RaiseBase(update.id, update.version, update.fields);
  return "";
}

void FinalDevice::RaiseBase(const TaskId& id, sync::Version version, const Fields& pulled) {
  for (Pending& entry : kept_.pending) {
    if (entry.change.id != id) continue;
    entry.overlapped |= Overlap(pulled, entry.change);
    if (!entry.sent && !entry.overlapped) entry.change.version = {version.value + 1};
  }
}

// The version of a dead task is no base: it may be purged and made anew, from 1.
void FinalDevice::TakeDeletion(const TaskId& id) {
  (volatile_.restored ? *volatile_.restored : kept_.tasks).Remove(id);
  for (Pending& entry : kept_.pending) {
    if (entry.change.id == id && !entry.sent) ForgetBase(entry);
  }
}

void FinalDevice::EndSeries(const sync::SyncAnswer& answer) {
  if (volatile_.restored) {
    PushWhatDiffers(*volatile_.restored);
    kept_.tasks = *volatile_.restored;
  } else if (volatile_.named) {
    for (const auto& [id, task] : std::map(kept_.tasks.alive())) {
      if (!volatile_.named->contains(id)) TakeDeletion(id);
    }
  }
  if (volatile_.resync || kept_.cursor.value == 0) ForgetBases();
  if (volatile_.restored || volatile_.named || kept_.cursor.value == 0) {
    kept_.conflicts_since = answer.server_time;
  }
  volatile_.restored.reset();
  volatile_.named.reset();
  kept_.cursor = answer.server_time;
  kept_.epoch = answer.epoch;
  kept_.etag = sync::FormatEtag(*answer.head);
}

// The service lost what came after its backup; this device still has its share of it. The merge decides.
void FinalDevice::PushWhatDiffers(const LocalTasks& service) {
  std::vector<Pending> differing;
  for (const auto& [id, task] : kept_.tasks.alive()) {
    const LocalTask* stored = service.FindAlive(id);
    Pending entry;
    entry.change.id = id;
    entry.change.updated_at = task.updated_at;
    bool differs = false;
    for (Field field : {Field::kContent, Field::kCompleted, Field::kPinned}) {
      const bool pending = std::any_of(kept_.pending.begin(), kept_.pending.end(), [&](const Pending& e) {
        return e.change.id == id && (e.change.fields[field] || e.change.fields[Field::kDeletedAt]);
      });
      if (pending || (stored && stored->fields[field] == task.fields[field])) continue;
      entry.change.fields[field] = task.fields[field];
      entry.restated[field] = true;
      if (stored) entry.seen[field] = {ContentOf(stored->fields)};
      differs = true;
    }
    if (!differs) continue;
    entry.change.device = kept_.id;
    entry.change.mutation = sync::MutationId{++kept_.last_number};
    differing.push_back(std::move(entry));
  }
  std::move(differing.begin(), differing.end(), std::back_inserter(kept_.pending));
}

// Versions of before a restore, or of a task that was purged and made anew, prove nothing.
void FinalDevice::ForgetBase(Pending& entry) {
  entry.change.version = {1};
  entry.overlapped = true;
}

void FinalDevice::ForgetBases() {
  for (Pending& entry : kept_.pending) ForgetBase(entry);
}

}  // namespace tidemark::simulation
