#include "tests/simulation/outside_laws.h"

#include <algorithm>
#include <utility>

#include "services/sync/domain/etag.h"

namespace tidemark::simulation {

using sync::Field;

namespace {

// A deletion keeps its text in the history each time; any other value is replaced once.
bool MayRepeat(const sync::HistoryEntry& entry) {
  return entry.field == Field::kContent && entry.reason == sync::Reason::kDeleted;
}

std::string Say(const UserId& user, const sync::HistoryEntry& entry) {
  return user.value() + ": " + entry.id.value() + " by " + entry.device.value() + " at " +
         std::to_string(entry.updated_at.value) + ", replaced at " + std::to_string(entry.at.value);
}

}  // namespace

void OutsideLaws::Sent(int maker, const UserId& user, const std::vector<SentEdit>& edits) {
  auto& known = users_[user].edits;
  for (const SentEdit& edit : edits) {
    const EditKey key = KeyOf(edit);
    Supersede(known, maker, key);
    // A clone may send what its original sent.
    known.try_emplace(key, Edit{.maker = maker, .value = edit.value});
  }
}

std::string OutsideLaws::EtagOf(const UserId& user) {
  const auto& heads = users_[user].heads;
  return sync::FormatEtag(heads.empty() ? sync::Head() : heads.rbegin()->second);
}

std::set<TaskId> OutsideLaws::EditedTasks(const UserId& user) {
  std::set<TaskId> tasks;
  for (const auto& [key, edit] : users_[user].edits) tasks.insert(key.task);
  return tasks;
}

// ---- answers

void OutsideLaws::Answered(CallId call, const UserId& user, const Request& request, const Answer& answer) {
  if (const auto* check = std::get_if<sync::CheckAnswer>(&answer)) {
    TakeHead(check->not_modified ? "304" : "200", user, check->head, call);
    CheckMeansEqual(std::get<CheckRequest>(request), *check);
  } else if (const auto* v1 = std::get_if<V1Answer>(&answer)) {
    CheckOrder(user.value() + ": v1 through " + std::to_string(v1->server_time.value), user, v1->server_time,
               call);
    TakeConflicts(user, v1->conflicts);
  } else if (const auto* sync = std::get_if<sync::SyncAnswer>(&answer)) {
    const auto& asked = std::get<sync::SyncRequest>(request);
    TakeConflicts(user, sync->conflicts);
    CheckPage(asked, *sync);
    if (!sync->head) return;
    TakeHead("sync", user, *sync->head, call);
    CheckCursor(user, asked, *sync);
  }
}

void OutsideLaws::TakeHead(const std::string& what, const UserId& user, const sync::Head& head, CallId call) {
  const std::string etag = sync::FormatEtag(head);
  const auto known = users_[user].heads.try_emplace(head.high_water, head).first;
  if (known->second != head) {
    Break("a stamp has one ETag", user.value() + ": " + etag + " and " + sync::FormatEtag(known->second));
  }
  CheckOrder(user.value() + ": " + what + " " + etag, user, head.high_water, call);
}

void OutsideLaws::TakeConflicts(const UserId& user, const std::vector<sync::Conflict>& conflicts) {
  for (const sync::Conflict& conflict : conflicts) {
    if (conflict.kept.device == conflict.discarded.device) {
      Break("no device conflicts with itself",
            user.value() + ": " + conflict.kept.device.value() + " on " + conflict.id.value());
    }
    const ConflictKey key{conflict.at.value, conflict.field};
    const auto known = users_[user].conflicts.try_emplace(key, conflict).first;
    if (known->second != conflict) {
      Break("(at, field) of a conflict is unique", user.value() + ": " + conflict.id.value());
    }
  }
}

void OutsideLaws::CheckCursor(const UserId& user, const sync::SyncRequest& asked,
                              const sync::SyncAnswer& answer) {
  const bool is_unchanged = asked.if_none_match == sync::FormatEtag(*answer.head);
  if (!is_unchanged || !asked.changes.empty() || asked.page || asked.last_sync.value == 0) return;
  const bool has_news = !answer.updates.empty() || !answer.deleted.empty() || !answer.conflicts.empty();
  if (!has_news && answer.server_time == asked.last_sync) return;
  Break("no change moves no cursor", user.value() + ": " + std::to_string(asked.last_sync.value) + " to " +
                                         std::to_string(answer.server_time.value));
}

void OutsideLaws::EndedSeries(const std::string& name, const UserId& user_id, const Memory& memory) {
  User& user = users_[user_id];
  const StateText held = SayState(memory.tasks.alive());
  const auto known = user.states.try_emplace(memory.cursor, held).first;
  if (known->second != held) {
    Break("equal ETags mean equal state", name + " holds " + Join(held) + " at " +
                                              std::to_string(memory.cursor.value) + ", another held " +
                                              Join(known->second));
  }
  const auto head = user.heads.find(memory.cursor);
  if (head == user.heads.end()) return;
  sync::Head counted = head->second;
  counted.live_count = counted.version_sum = 0;
  for (const auto& [id, task] : memory.tasks.alive()) {
    ++counted.live_count;
    counted.version_sum += task.version.value;
  }
  if (counted != head->second) {
    Break("the ETag counts right", name + " counts " + sync::FormatEtag(counted) + " under " +
                                       sync::FormatEtag(head->second) + ": " + Join(held));
  }
}

// ---- rest

void OutsideLaws::CheckRest(const UserId& user_id, const std::map<int, Resting>& devices,
                            const Stored& stored) {
  User& user = users_[user_id];
  Rest rest{.id = user_id, .user = user, .devices = devices, .stored = stored, .without_numbers = {}};
  for (const auto& [maker, device] : devices) {
    if (!device.device->numbers_changes()) rest.without_numbers.insert(device.device->memory().id);
  }
  CheckEqual(rest);
  CheckConflictsWereTold(rest);
  for (const auto& [task, entries] : stored.histories) CheckHistory(rest, task, entries);
  CheckEdits(rest);
  user.edits.clear();
  user.conflicts.clear();
  user.heads.erase(user.heads.begin(), user.heads.lower_bound(acknowledged(user_id)));
  user.states.erase(user.states.begin(), user.states.lower_bound(acknowledged(user_id)));
}

void OutsideLaws::CheckEqual(const Rest& rest) {
  const StateText stored = SayState(rest.stored.tasks.alive());
  for (const auto& [maker, resting] : rest.devices) {
    const StateText held = SayState(resting.device->memory().tasks.alive());
    if (held == stored) continue;
    Break("devices equal the service",
          resting.name + " has " + Join(held) + ", a new device was told " + Join(stored));
  }
}

void OutsideLaws::CheckConflictsWereTold(const Rest& rest) {
  for (const auto& [maker, resting] : rest.devices) {
    const Memory& memory = resting.device->memory();
    for (const auto& [key, conflict] : rest.user.conflicts) {
      if (conflict.at <= memory.conflicts_since || memory.conflicts.contains(key)) continue;
      Break("conflicts reach every device", resting.name + " was not told of that on " + conflict.id.value() +
                                                " at " + std::to_string(conflict.at.value));
    }
  }
}

void OutsideLaws::CheckHistory(const Rest& rest, const TaskId& task,
                               const std::vector<sync::HistoryEntry>& entries) {
  const LocalTask* const visible = rest.stored.tasks.FindAlive(task);
  std::set<EditKey> replaced;
  for (const sync::HistoryEntry& entry : entries) {
    CheckLoserWasTold(rest, entry);
    if (MayRepeat(entry) || rest.without_numbers.contains(entry.device)) continue;
    const bool again = !replaced.insert({task, entry.field, entry.device, entry.updated_at}).second;
    const bool stands = visible && visible->updated_at == entry.updated_at && !WasSaidByAnother(rest, entry);
    // A refused part of a change is in the history beside its other parts, which stand.
    if (again || (stands && entry.reason == sync::Reason::kOverwritten)) {
      Break("no edit is applied twice", Say(rest.id, entry));
    }
  }
}

// A clone that was found out says under a name of its own what its original had said.
bool OutsideLaws::WasSaidByAnother(const Rest& rest, const sync::HistoryEntry& entry) {
  return std::any_of(rest.user.edits.begin(), rest.user.edits.end(), [&](const auto& said) {
    return said.first.task == entry.id && said.first.updated_at == entry.updated_at &&
           said.first.device != entry.device;
  });
}

void OutsideLaws::CheckLoserWasTold(const Rest& rest, const sync::HistoryEntry& entry) {
  if (entry.reason != sync::Reason::kConflict) return;
  const auto edit = rest.user.edits.find({entry.id, entry.field, entry.device, entry.updated_at});
  if (edit == rest.user.edits.end()) return;
  const Resting& maker = rest.devices.at(edit->second.maker);
  const Memory& memory = maker.device->memory();
  const auto was_told = [&](Field field) { return memory.conflicts.contains({entry.at.value, field}); };
  if (entry.at <= memory.conflicts_since || was_told(entry.field) || was_told(Field::kDeletedAt)) return;
  Break("whoever loses is told",
        maker.name + ", of " + entry.id.value() + " at " + std::to_string(entry.at.value));
}

void OutsideLaws::CheckEdits(const Rest& rest) {
  for (const auto& [key, edit] : rest.user.edits) {
    if (edit.superseded || WasHeard(rest, key, edit)) continue;
    Break("every edit is heard", rest.devices.at(edit.maker).name + "'s of " + key.task.value() + ", field " +
                                     std::to_string(static_cast<int>(key.field)) + ", by " +
                                     key.device.value() + " at " + std::to_string(key.updated_at.value) +
                                     " vanished without a trace");
  }
}

bool OutsideLaws::WasHeard(const Rest& rest, const EditKey& key, const Edit& edit) {
  const LocalTask* const task = rest.stored.tasks.FindAlive(key.task);
  if (key.field == Field::kDeletedAt) {
    if (sync::SaysDeleted(edit.value) == (task == nullptr)) return true;
  } else if (task ? task->fields[key.field] == edit.value : key.field != Field::kContent) {
    // Marks of a deleted task stay in its tombstone; its text is in the history.
    return true;
  }
  // What equals the stored value changes nothing: then another's like it was replaced.
  const auto& history = rest.stored.histories.at(key.task);
  if (std::any_of(history.begin(), history.end(), [&](const sync::HistoryEntry& entry) {
        return entry.field == key.field && SameValue(key.field, entry.value, edit.value);
      })) {
    return true;
  }
  // Made and deleted before it was ever sent.
  const auto deletion = rest.user.edits.find({key.task, Field::kDeletedAt, key.device, key.updated_at});
  if (deletion != rest.user.edits.end() && sync::SaysDeleted(deletion->second.value)) return true;
  return rest.devices.at(edit.maker).device->WasTold(key.device, key.task);
}

}  // namespace tidemark::simulation
