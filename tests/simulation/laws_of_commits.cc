// The laws that each commit keeps.
#include <algorithm>
#include <utility>

#include "services/sync/domain/etag.h"
#include "tests/simulation/laws.h"

namespace tidemark::simulation {

using sync::Field;

namespace {

bool IsBy(const sync::FieldEdit& side, const DeviceId& device, UnixMillis updated_at) {
  return side.device == device && side.updated_at == updated_at;
}

std::string Name(Field field) {
  constexpr const char* kNames[] = {"content", "completed", "pinned", "deleted_at"};
  return kNames[static_cast<std::size_t>(field)];
}

}  // namespace

void Laws::Committed(CallId call, const UserId& user_id, const Request& request, const sync::PushLoad& load,
                     const sync::PushResult& result) {
  const auto* sync = std::get_if<sync::SyncRequest>(&request);
  const auto* v1 = std::get_if<sync::SyncV1Request>(&request);
  Commit commit{.user = users_[user_id],
                .changes = sync ? sync->changes : v1->changes,
                .full_objects = v1 != nullptr,
                .cursor = std::nullopt,
                .load = load,
                .result = result};
  if (v1) commit.cursor = v1->last_sync;
  if (sync && sync->last_sync.value > 0 && sync->last_sync < load.state.head.purged_through) {
    commit.cursor = sync->last_sync;
  }
  committed_[call] = result.state.head.high_water;
  CheckDecidedOnLastState(commit);
  CheckStamps(commit);
  CheckConflicts(commit);
  CheckWrites(commit);
  CheckReplaced(commit);
  NoteFates(commit);
  Keep(commit);
}

void Laws::CheckDecidedOnLastState(const Commit& commit) {
  const Stored& last = commit.user.stored;
  if (commit.load.state.head != last.head) Break("a push sees the last commit", "another head");
  for (const auto& [id, row] : commit.load.state.tasks) {
    const auto stored = last.tasks.find(id);
    if (stored == last.tasks.end() || stored->second != row) Break("a push sees the last commit", id.value());
  }
}

void Laws::CheckStamps(const Commit& commit) {
  const sync::Stamp before = commit.load.state.head.high_water;
  std::set<sync::Stamp> stamps;
  for (const TaskId& id : commit.result.written) {
    const sync::Stamp stamp = commit.result.state.tasks.at(id).stamp;
    if (stamp <= before || stamp > commit.result.state.head.high_water || !stamps.insert(stamp).second) {
      Break("stamps rise", id.value() + " has " + std::to_string(stamp.value));
    }
  }
  for (const sync::Conflict& conflict : commit.result.conflicts) {
    if (conflict.at <= before || conflict.at > commit.result.state.head.high_water) {
      Break("stamps rise", "a conflict has " + std::to_string(conflict.at.value));
    }
  }
}

void Laws::CheckConflicts(const Commit& commit) {
  std::set<ConflictKey> keys;
  for (const sync::Conflict& conflict : commit.result.conflicts) {
    if (conflict.kept.device == conflict.discarded.device) {
      Break("no device conflicts with itself", conflict.kept.device.value() + " on " + conflict.id.value());
    }
    if (!keys.insert({conflict.at.value, conflict.field}).second) {
      Break("(at, field) of a conflict is unique", conflict.id.value());
    }
    CheckWinner(commit, conflict);
    CheckToldOnce(commit, conflict);
    Owe(commit.user, conflict);
  }
}

void Laws::CheckToldOnce(const Commit& commit, const sync::Conflict& conflict) {
  const sync::FieldEdit& lost = conflict.discarded;
  if (IsForAMark(commit, conflict)) return;
  const EditKey key{conflict.id, conflict.field, lost.device, lost.updated_at};
  const auto edit = commit.user.edits.find(key);
  if (edit == commit.user.edits.end() || edit->second.uncertain || edit->second.value != lost.value) return;
  if (std::exchange(edit->second.has_lost, true)) {
    Break("an edit loses once",
          conflict.id.value() + "'s " + Name(conflict.field) + " by " + lost.device.value());
  }
}

// A deletion that wins over a mark discards the life of the task, as by the mark's maker. A task that was
// brought back and is deleted again loses the same mark again.
bool Laws::IsForAMark(const Commit& commit, const sync::Conflict& conflict) {
  if (conflict.field != Field::kDeletedAt || conflict.winner != sync::Winner::kClient) return false;
  const auto row = commit.load.state.tasks.find(conflict.id);
  if (row == commit.load.state.tasks.end()) return false;
  const sync::StoredField& stored = row->second.fields[Field::kDeletedAt];
  return !IsBy(conflict.discarded, stored.device, stored.updated_at);
}

void Laws::CheckWinner(const Commit& commit, const sync::Conflict& conflict) {
  // A later change of the same request may have replaced it.
  const auto changes = std::count_if(commit.changes.begin(), commit.changes.end(),
                                     [&](const sync::Change& change) { return change.id == conflict.id; });
  if (changes > 1) return;
  const sync::FieldValue& now = commit.result.state.tasks.at(conflict.id).fields[conflict.field].value;
  if (!SameValue(conflict.field, now, conflict.kept.value)) {
    Break("what wins a conflict is stored", conflict.id.value() + "'s " + Name(conflict.field));
  }
}

// An edit that lost to a conflict on deleted_at may be of another field.
void Laws::Owe(User& user, const sync::Conflict& conflict) {
  for (const auto& [key, edit] : user.edits) {
    if (key.task != conflict.id || !IsBy(conflict.discarded, key.device, key.updated_at)) continue;
    user.owed.push_back({edit.maker, {conflict.at.value, conflict.field}, conflict.id});
  }
}

void Laws::CheckWrites(const Commit& commit) {
  for (const TaskId& id : commit.result.written) {
    const sync::TaskRow& after = commit.result.state.tasks.at(id);
    const auto before = commit.load.state.tasks.find(id);
    for (Field field : sync::kFields) {
      CheckWrite(commit, before == commit.load.state.tasks.end() ? nullptr : &before->second, after, field);
    }
  }
}

void Laws::CheckWrite(const Commit& commit, const sync::TaskRow* before, const sync::TaskRow& after,
                      Field field) {
  const sync::StoredField& now = after.fields[field];
  if (before && before->fields[field].stamp == now.stamp) {
    if (before->fields[field] != now) Break("a value changes with its stamp", after.id.value());
    return;
  }
  const std::string what = after.id.value() + "'s " + Name(field) + " by " + now.device.value();
  const auto edit = commit.user.edits.find({after.id, field, now.device, now.updated_at});
  // A new task has all its fields; a text that wins over a deletion brings the task back.
  const bool revived = field == Field::kDeletedAt && now.value == sync::kLive;
  // A V1 object names what was not edited, and what was held at a cursor older than the purge is forgotten.
  const bool forgotten = commit.full_objects && *commit.cursor < commit.load.state.head.purged_through;
  if (edit == commit.user.edits.end() || edit->second.uncertain) {
    if (before && !revived && !forgotten && edit == commit.user.edits.end())
      Break("only edits change values", what);
    return;
  }
  if (edit->second.value != now.value && before && !forgotten && !revived)
    Break("only edits change values", what);
  if (++edit->second.stored_times > 1 && !commit.full_objects) Break("no edit is applied twice", what);
  if (!before) return;
  const sync::StoredField& old = before->fields[field];
  const bool kept = std::any_of(
      commit.result.history.begin(), commit.result.history.end(), [&](const sync::HistoryEntry& entry) {
        return entry.id == after.id && entry.field == field && entry.was_stored && entry.value == old.value &&
               entry.device == old.device && entry.updated_at == old.updated_at;
      });
  if (!kept) Break("what is replaced is in the history", what);
}

void Laws::CheckReplaced(const Commit& commit) {
  if (commit.changes.empty()) return;
  const DeviceId& writer = commit.changes.front().device;
  for (const sync::HistoryEntry& replaced : commit.result.history) {
    if (!replaced.was_stored || replaced.device == writer) continue;
    const bool told = std::any_of(
        commit.result.conflicts.begin(), commit.result.conflicts.end(), [&](const sync::Conflict& conflict) {
          return conflict.id == replaced.id && conflict.at == replaced.at &&
                 (conflict.field == replaced.field || conflict.field == Field::kDeletedAt);
        });
    if (told || HadSeen(commit, replaced)) continue;
    Break("nobody replaces what they have not seen", replaced.id.value() + "'s " + Name(replaced.field) +
                                                         " of " + replaced.device.value() + ", by " +
                                                         writer.value());
  }
}

bool Laws::HadSeen(const Commit& commit, const sync::HistoryEntry& replaced) {
  for (const sync::Change& change : commit.changes) {
    if (change.id != replaced.id) continue;
    // A deletion replaces the text as well.
    for (Field field : {replaced.field, Field::kDeletedAt}) {
      if (!change.fields[field]) continue;
      if (replaced.field == Field::kContent) {
        const auto edit = commit.user.edits.find({change.id, field, change.device, change.updated_at});
        if (edit != commit.user.edits.end() &&
            edit->second.seen.contains(std::get<std::string>(replaced.value))) {
          return true;
        }
      } else if (commit.cursor) {
        const auto row = commit.load.state.tasks.find(change.id);
        if (row != commit.load.state.tasks.end() &&
            row->second.fields[replaced.field].stamp <= *commit.cursor) {
          return true;
        }
      } else if (replaced.version < change.version) {
        return true;
      }
    }
  }
  return false;
}

void Laws::NoteFates(const Commit& commit) {
  for (const sync::Change& change : commit.changes) {
    for (Field field : sync::kFields) {
      const EditKey key{change.id, field, change.device, change.updated_at};
      const auto edit = commit.user.edits.find(key);
      if (!change.fields[field] || edit == commit.user.edits.end()) continue;
      if (edit->second.fate == Fate::kUnheard) edit->second.fate = FateOf(commit, change, key, edit->second);
    }
  }
}

Laws::Fate Laws::FateOf(const Commit& commit, const sync::Change& change, const EditKey& key,
                        const Edit& edit) {
  for (const sync::Rejection& rejection : commit.result.rejected) {
    if (rejection.id != change.id || rejection.mutation != change.mutation) continue;
    return rejection.code == "device_forked" ? Fate::kForked : Fate::kRejected;
  }
  const auto row = commit.result.state.tasks.find(change.id);
  const bool deleted_nothing =
      Deletes(change.fields[Field::kDeletedAt]) && !commit.load.state.tasks.contains(key.task);
  if (deleted_nothing) return Fate::kEqual;
  if (row == commit.result.state.tasks.end()) {
    Break("every edit is heard", key.task.value() + " is not there, and nothing was said");
    return Fate::kEqual;
  }
  const sync::StoredField& now = row->second.fields[key.field];
  if (now.device == key.device && now.updated_at == key.updated_at) return Fate::kStored;
  if (SameValue(key.field, now.value, edit.value)) return Fate::kEqual;
  for (const sync::HistoryEntry& entry : commit.result.history) {
    if (entry.id != key.task || entry.field != key.field || entry.device != key.device) continue;
    if (entry.updated_at == key.updated_at) return entry.was_stored ? Fate::kStored : Fate::kRefused;
  }
  for (const sync::Change& later : commit.changes) {
    if (later.id != key.task || later.mutation <= change.mutation) continue;
    const bool revives = key.field == Field::kDeletedAt && later.fields[Field::kContent];
    if (later.fields[key.field] || revives) return Fate::kEqual;
  }
  // A V1 object names fields that were not edited; what equals the past cannot be told from them.
  const auto held = commit.load.state.held.find(key.task);
  const bool untouched = held != commit.load.state.held.end() && held->second[key.field] == edit.value;
  if (!edit.uncertain && !untouched) {
    Break("every edit is heard", key.task.value() + "'s " + Name(key.field) + " by " + key.device.value() +
                                     " vanished without a trace");
  }
  return Fate::kEqual;
}

void Laws::Keep(const Commit& commit) {
  Stored& stored = commit.user.stored;
  for (const TaskId& id : commit.result.written) stored.tasks[id] = commit.result.state.tasks.at(id);
  stored.head = commit.result.state.head;
  stored.conflicts.insert(stored.conflicts.end(), commit.result.conflicts.begin(),
                          commit.result.conflicts.end());
  sync::Head counted = stored.head;
  counted.live_count = counted.version_sum = 0;
  for (const auto& [id, row] : stored.tasks) {
    if (row.deleted()) continue;
    ++counted.live_count;
    counted.version_sum += row.version.value;
  }
  if (counted != stored.head) {
    Break("the ETag counts right", sync::FormatEtag(stored.head) + " for " + sync::FormatEtag(counted));
  }
  const std::string etag = sync::FormatEtag(stored.head);
  const StateText state = SayState(stored.tasks);
  const auto known = commit.user.states.try_emplace(etag, state).first;
  if (known->second != state) {
    Break("equal ETags mean equal state", etag + ": " + Join(known->second) + " and " + Join(state));
  }
  commit.user.etags[stored.head.high_water] = etag;
}

}  // namespace tidemark::simulation
