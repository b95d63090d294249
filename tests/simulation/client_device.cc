#include "tests/simulation/client_device.h"

#include <algorithm>

#include "client/domain/view.h"
#include "client/store/memory/memory_store.h"
#include "common/status/error.h"
#include "services/sync/domain/stable_hash.h"
#include "tests/simulation/client_wire.h"

namespace tidemark::simulation {
namespace {

using sync::Field;

class MemoryDisk : public Disk {
 public:
  MemoryDisk() : store_(std::make_unique<client::MemoryStore>()) {}
  explicit MemoryDisk(const client::MemoryStore& copied)
      : store_(std::make_unique<client::MemoryStore>(copied)) {}

  client::LocalStore& store() override { return *store_; }
  // What is in it was committed.
  void Reopen() override {}
  std::unique_ptr<Disk> Clone() override { return std::make_unique<MemoryDisk>(*store_); }

 private:
  std::unique_ptr<client::MemoryStore> store_;
};

uint64_t SeedOf(const std::string& name) {
  sync::StableHash hash;
  hash.Add(name);
  return hash.value();
}

// What the person has before them: the stored text, and their own that is not stored yet.
std::set<std::string> Seen(const client::TaskState& task) {
  std::set<std::string> seen;
  if (task.row) seen.insert(task.row->content);
  if (task.sent && task.sent->change.fields.content) seen.insert(*task.sent->change.fields.content);
  for (const auto* edit : {&task.restated, &task.edit}) {
    if (*edit && (*edit)->fields.content) seen.insert(*(*edit)->fields.content);
  }
  return seen;
}

const client::SyncAsk* SyncOf(const std::optional<client::Ask>& ask) {
  return ask ? std::get_if<client::SyncAsk>(&*ask) : nullptr;
}

}  // namespace

std::unique_ptr<Disk> MakeMemoryDisk() { return std::make_unique<MemoryDisk>(); }

ClientDevice::ClientDevice(std::string name, client::ExchangeOptions habits, std::unique_ptr<Disk> disk)
    : name_(std::move(name)), habits_(habits), disk_(std::move(disk)), random_(SeedOf(name_)) {
  Write([this](client::Transaction& tx) {
    client::Replica replica = tx.GetReplica();
    replica.device = DeviceId(name_);
    tx.PutReplica(replica);
  });
  Crash();
}

ClientDevice::ClientDevice(const ClientDevice& other, std::string name)
    : name_(std::move(name)),
      habits_(other.habits_),
      disk_(other.disk_->Clone()),
      random_(SeedOf(name_)),
      memory_(other.memory_),
      edits_(other.edits_),
      frozen_(other.frozen_),
      reported_(other.reported_),
      wishes_(other.wishes_),
      told_(other.told_) {
  Crash();
}

std::unique_ptr<Device> ClientDevice::Clone(const std::string& name) {
  for (auto& [id, own] : edits_) {
    for (auto& [field, edit] : own) edit.is_cloned = true;
  }
  return std::unique_ptr<Device>(new ClientDevice(*this, name));
}

void ClientDevice::Crash() {
  disk_->Reopen();
  exchange_ = std::make_unique<client::Exchange>(disk_->store(), random_, habits_);
  ask_.reset();
  is_waiting_ = false;
  Look();
}

void ClientDevice::GiveUp() {
  exchange_->Abandon();
  ask_.reset();
  is_waiting_ = false;
}

// ---- a person's edits

std::string ClientDevice::Edit(Dice& dice, UnixMillis time, const std::string& content) {
  const TaskId id = PickTask(dice);
  std::string what;
  Write([&](client::Transaction& tx) {
    client::TaskState task = tx.Get(id);
    const std::set<std::string> seen = Seen(task);
    const client::Fields before = client::PendingFields(task);
    EditState(task, dice, time, content);
    const auto now = ToFields(client::PendingFields(task));
    const auto old = ToFields(before);
    for (Field field : sync::kFields) {
      if (now[field] && now[field] != old[field]) edits_[id][field] = {.value = *now[field], .seen = seen};
    }
    what = SayFields(now);
    tx.Put(task);
  });
  Look();
  return id.value() + what;
}

void ClientDevice::EditState(client::TaskState& task, Dice& dice, UnixMillis time,
                             const std::string& content) {
  client::Fields fields;
  if (const std::optional<client::Task> seen = client::FindVisible(task)) {
    const int64_t what = dice.Below(10);
    if (what < 2) return client::DeleteTask(task, time);
    if (what < 6) fields.content = content;
    if (what == 5 || what == 6 || what == 7) fields.completed = !seen->completed;
    if (what >= 8) fields.pinned = !seen->pinned;
  } else if (client::FindDeleted(task)) {
    client::RestoreTask(task, time);
    if (dice.OneIn(2)) return;
    fields.content = content;
    fields.pinned = dice.OneIn(2);
  } else {
    if (task.empty()) task = client::CreateTask(task.id, content, time);
    fields.content = content;
    if (dice.OneIn(3)) fields.completed = dice.OneIn(2);
  }
  client::EditTask(task, fields, time);
}

// ---- requests

std::optional<Outgoing> ClientDevice::Start(Dice& dice, UnixMillis time, bool calm) {
  if (is_waiting_) return std::nullopt;
  time_ = time;
  // A run that goes on may as well have been cut here.
  if (ask_ && dice.OneIn(4)) GiveUp();
  if (!ask_) {
    const auto next =
        exchange_->Begin({.may_check = !calm && !dice.OneIn(4), .push_only = !calm && dice.OneIn(8)}, time);
    // Only to push, and nothing to push.
    if (std::holds_alternative<client::RunEnd>(*next)) return std::nullopt;
    NoteFrozen(std::get<client::Ask>(*next));
    Look();
  }
  is_waiting_ = true;
  return Outgoing{.request = ToRequest(*ask_), .edits = NewEdits()};
}

void ClientDevice::NoteFrozen(const client::Ask& ask) {
  ask_ = ask;
  const auto* sync = SyncOf(ask_);
  if (!sync) return;
  for (const client::Change& change : sync->changes) {
    const auto [edits, is_new] = frozen_.try_emplace({change.device, change.number.value});
    if (!is_new) continue;
    const auto fields = ToFields(change.fields);
    for (Field field : sync::kFields) {
      if (!fields[field]) continue;
      const auto& own = edits_[change.id];
      const auto edit = own.find(field);
      const bool is_own = edit != own.end() && edit->second.value == *fields[field];
      edits->second.push_back({change.id, field, *fields[field], change.updated_at, change.device,
                               is_own ? edit->second.seen : std::set<std::string>(),
                               !is_own || edit->second.is_cloned});
    }
  }
}

std::vector<SentEdit> ClientDevice::NewEdits() {
  std::vector<SentEdit> edits;
  const auto* sync = SyncOf(ask_);
  if (!sync) return edits;
  for (const client::Change& change : sync->changes) {
    const std::pair<DeviceId, int64_t> number{change.device, change.number.value};
    if (!reported_.insert(number).second) continue;
    const std::vector<SentEdit>& frozen = frozen_.at(number);
    edits.insert(edits.end(), frozen.begin(), frozen.end());
  }
  return edits;
}

// ---- answers

std::string ClientDevice::Take(const Answer& answer) {
  const std::optional<client::Ask> asked = std::exchange(ask_, std::nullopt);
  is_waiting_ = false;
  const auto* sync = std::get_if<sync::SyncAnswer>(&answer);
  if (sync) {
    NoteWholeState(*SyncOf(asked), *sync);
    NoteRejections(*SyncOf(asked), *sync);
  }
  const absl::StatusOr<client::Next> next = exchange_->Take(ToClient(answer), time_);
  if (!next.ok()) return "cannot store it: " + std::string(next.status().message());
  Look();
  if (const auto* ask = std::get_if<client::Ask>(&*next)) {
    NoteFrozen(*ask);
    return "";
  }
  return TakeEnd(std::get<client::RunEnd>(*next), answer);
}

std::string ClientDevice::TakeEnd(const client::RunEnd& end, const Answer& answer) {
  if (end.difference) return "does not have what the ETag counts";
  const auto* status = std::get_if<absl::Status>(&answer);
  if (!status) return "";
  const Code code = ErrorInfoOf(*status).code;
  if (code == Code::kUnavailable || code == Code::kPageExpired) return "";
  return "was refused: " + std::string(status->message());
}

// Conflicts of before a whole state are not told.
void ClientDevice::NoteWholeState(const client::SyncAsk& asked, const sync::SyncAnswer& answer) {
  if (answer.page || !answer.head) return;
  const auto& series = replica_.series;
  const bool whole = asked.page ? series && (series->resync || series->last_sync.value == 0)
                                : answer.full_resync || asked.last_sync.value == 0;
  if (whole) memory_.conflicts_since = answer.server_time;
}

// A wish to have a purged task back is not listed but sent again, whole.
void ClientDevice::NoteRejections(const client::SyncAsk& asked, const sync::SyncAnswer& answer) {
  for (const sync::Rejection& rejection : answer.rejected) {
    for (const client::Change& change : asked.changes) {
      const bool is_it = change.number.value == rejection.mutation->value && rejection.code == "unknown_task";
      if (is_it && change.fields.restores()) wishes_.push_back(change);
    }
  }
}

// Whether those that were refused are queued anew.
void ClientDevice::LookAfterWishes(client::Transaction& tx) {
  std::erase_if(wishes_, [&](const client::Change& change) {
    const client::TaskState task = tx.Get(change.id);
    if (task.sent && task.sent->change.number == change.number) return false;
    if (client::PendingFields(task).content) told_.insert({change.device, change.id});
    return true;
  });
}

// ---- the store

void ClientDevice::Look() {
  memory_.tasks = {};
  (void)disk_->store().Read([this](client::Transaction& tx) {
    replica_ = tx.GetReplica();
    has_pending_ = tx.CountPending() > 0;
    for (const client::TaskState& task : tx.List(TaskId(), 100)) {
      if (task.row && task.row->alive()) memory_.tasks.Take(ToUpdate(*task.row));
    }
    for (auto& [id, own] : edits_) {
      const auto pending = ToFields(client::PendingFields(tx.Get(id)));
      std::erase_if(own, [&waits = pending](const auto& edit) { return !waits[edit.first]; });
    }
    for (const client::Rejection& rejection : tx.ListRejections()) {
      told_.insert({rejection.change.device, rejection.change.id});
    }
    LookAfterWishes(tx);
    for (const client::Conflict& conflict : tx.ListConflicts()) {
      memory_.conflicts.insert({conflict.at.value, ToField(conflict.field)});
    }
    return absl::OkStatus();
  });
  memory_.id = replica_.device;
  memory_.cursor = {replica_.cursor.value};
}

void ClientDevice::Write(const std::function<void(client::Transaction&)>& body) {
  const absl::Status stored = disk_->store().Write([&](client::Transaction& tx) {
    body(tx);
    return absl::OkStatus();
  });
  if (!stored.ok()) std::abort();
}

}  // namespace tidemark::simulation
