#include "tests/simulation/laws.h"

#include <algorithm>

#include "services/sync/domain/etag.h"

namespace tidemark::simulation {

using sync::Field;

void Laws::Sent(int maker, const UserId& user, const std::vector<SentEdit>& edits) {
  auto& known = users_[user].edits;
  for (const SentEdit& edit : edits) {
    const EditKey key = KeyOf(edit);
    Supersede(known, maker, key);
    // A clone may send what its original sent.
    const auto old = known.find(key);
    if (old != known.end() && !(old->second.uncertain && old->second.fate == Fate::kUnheard)) {
      old->second.uncertain |= edit.restated;
      continue;
    }
    known[key] = Edit{.maker = maker, .value = edit.value, .seen = edit.seen, .uncertain = edit.restated};
  }
}

void Laws::Answered(CallId call, const UserId& user_id, const Request& request, const Answer& answer) {
  User& user = users_[user_id];
  const auto committed = committed_.find(call);
  if (committed != committed_.end() && !std::holds_alternative<absl::Status>(answer)) {
    Acknowledge(user_id, committed->second);
  }
  if (const auto* check = std::get_if<sync::CheckAnswer>(&answer)) {
    CheckHead(check->not_modified ? "304" : "200", user_id, check->head, call);
    return CheckMeansEqual(std::get<CheckRequest>(request), *check);
  }
  const auto* sync = std::get_if<sync::SyncAnswer>(&answer);
  if (!sync) return;
  const auto& asked = std::get<sync::SyncRequest>(request);
  CheckPage(asked, *sync);
  if (!sync->head) return;
  CheckHead("sync", user_id, *sync->head, call);
  CheckCursor(user, asked, *sync);
}

void Laws::CheckCursor(User& user, const sync::SyncRequest& asked, const sync::SyncAnswer& answer) {
  const bool says_nothing = asked.changes.empty() && !asked.page && answer.updates.empty() &&
                            answer.deleted.empty() && answer.conflicts.empty() && !answer.full_resync;
  if (!says_nothing || asked.last_sync.value == 0 || answer.server_time == asked.last_sync) return;
  // A cursor from before a restore, sent without its epoch, names nothing.
  if (!user.etags.contains(asked.last_sync)) return;
  const auto state_at = [&user](sync::Stamp cursor) { return user.states[user.etags[cursor]]; };
  if (state_at(asked.last_sync) == state_at(answer.server_time)) return;
  Break("no change moves no cursor",
        "from " + std::to_string(asked.last_sync.value) + " to " + std::to_string(answer.server_time.value));
}

void Laws::CheckHead(const std::string& what, const UserId& user, const sync::Head& head, CallId call) {
  const std::string etag = sync::FormatEtag(head);
  if (!users_[user].states.contains(etag)) Break("an ETag names a state that was", what + " " + etag);
  CheckOrder(what + " " + etag, user, head.high_water, call);
}

void Laws::EndedSeries(const std::string& name, const UserId& user_id, const Memory& memory) {
  User& user = users_[user_id];
  const auto etag = user.etags.find(memory.cursor);
  if (etag == user.etags.end()) return Break("a cursor is a stamp", name + " holds another");
  const StateText held = SayState(memory.tasks.alive());
  const StateText& named = user.states.at(etag->second);
  if (held != named) {
    Break("a device holds the state its ETag names",
          name + " holds " + Join(held) + ", " + etag->second + " names " + Join(named));
  }
}

void Laws::Purged(const UserId& user_id, sync::Stamp through) {
  Stored& stored = users_[user_id].stored;
  std::erase_if(stored.tasks, [through](const auto& entry) {
    return entry.second.deleted() && entry.second.stamp <= through;
  });
  stored.head.purged_through = std::max(stored.head.purged_through, through);
}

void Laws::KeptBackup() {
  for (auto& [id, user] : users_) {
    user.backup = user.stored;
    for (auto& [key, edit] : user.edits) edit.fate_in_backup = edit.fate;
  }
}

void Laws::RestoredBackup() {
  ForgetAcknowledged();
  for (auto& [id, user] : users_) {
    user.stored = user.backup;
    user.owed.clear();
    user.states.clear();
    user.etags.clear();
    const std::string etag = sync::FormatEtag(user.stored.head);
    user.states[etag] = SayState(user.stored.tasks);
    user.etags[user.stored.head.high_water] = etag;
    for (auto& [key, edit] : user.edits) {
      edit.uncertain = true;
      edit.fate = edit.fate_in_backup;
    }
  }
}

void Laws::CheckRest(const UserId& user_id, const sync::Snapshot& stored) {
  const Stored& expected = users_[user_id].stored;
  std::map<TaskId, sync::TaskRow> rows;
  for (const sync::TaskRow& row : stored.delta.tasks) rows[row.id] = row;
  std::map<TaskId, sync::TaskRow> told;
  for (const auto& [id, row] : expected.tasks) told[id] = sync::ToldOf(row);
  if (rows != told || stored.head != expected.head) {
    Break("the store keeps what was committed",
          Join(SayState(rows)) + " for " + Join(SayState(expected.tasks)));
  }
}

void Laws::CheckRestOf(int maker, const std::string& name, const UserId& user_id, const Device& device) {
  User& user = users_[user_id];
  const Memory& memory = device.memory();
  const StateText held = SayState(memory.tasks.alive());
  const StateText stored = SayState(user.stored.tasks);
  if (held != stored) {
    return Break("devices equal the service", name + " has " + Join(held) + ", stored is " + Join(stored));
  }
  for (const sync::Conflict& conflict : user.stored.conflicts) {
    if (conflict.at <= memory.conflicts_since) continue;
    if (memory.conflicts.contains({conflict.at.value, conflict.field})) continue;
    return Break("conflicts reach every device", name + " was not told of that on " + conflict.id.value() +
                                                     " at " + std::to_string(conflict.at.value));
  }
  for (const Owed& owed : user.owed) {
    if (owed.maker != maker || owed.conflict.first <= memory.conflicts_since.value) continue;
    if (memory.conflicts.contains(owed.conflict)) continue;
    return Break("whoever loses is told", name + ", of " + owed.task.value());
  }
  for (const auto& [key, edit] : user.edits) {
    if (edit.maker != maker || edit.superseded || edit.uncertain) continue;
    const bool lost = edit.fate == Fate::kUnheard || edit.fate == Fate::kForked ||
                      (edit.fate == Fate::kRejected && !device.WasTold(key.device, key.task));
    if (lost)
      return Break("every edit is heard", name + "'s of " + key.task.value() + " by " + key.device.value());
  }
}

}  // namespace tidemark::simulation
