// Laws of the whole engine, under random devices: edits, deletions, restores, lost answers, retries, small
// pages, series given up, purges, and an old V1 client among them. A failure prints the seed that repeats it.
//
//   - Devices converge: once each has pulled to the end, all hold what the server holds.
//   - The head is the truth: its count and sum are those of the living rows.
//   - Equal ETags mean equal state.
//   - Conflicts reach every device.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "services/sync/domain/etag.h"
#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

constexpr int kRounds = 60;
constexpr int kSteps = 80;

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  int64_t Between(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(engine_);
  }
  bool OneIn(int64_t n) { return Between(1, n) == 1; }

 private:
  std::mt19937_64 engine_;
};

// A task as a device holds it.
struct LocalTask {
  Version version;
  PerField<FieldValue> fields;
};

std::string Say(const LocalTask& task) {
  return "v" + std::to_string(task.version.value) + " " +
         std::get<std::string>(task.fields[Field::kContent]) +
         (std::get<bool>(task.fields[Field::kCompleted]) ? " completed" : "") +
         (std::get<bool>(task.fields[Field::kPinned]) ? " pinned" : "");
}

bool Deletes(const std::optional<FieldValue>& deleted_at) { return deleted_at && SaysDeleted(*deleted_at); }

// What a device of either generation keeps, and how it takes what it is told.
struct LocalStore {
  std::map<TaskId, LocalTask> tasks;
  // Deleted ones, which a person may restore.
  std::map<TaskId, LocalTask> trash;

  void Remove(const TaskId& id) {
    const auto task = tasks.find(id);
    if (task == tasks.end()) return;
    trash[id] = task->second;
    tasks.erase(task);
  }

  void Take(const TaskUpdate& update) {
    if (Deletes(update.fields[Field::kDeletedAt])) return Remove(update.id);
    const bool whole = update.created_at.has_value();
    EXPECT_TRUE(whole || tasks.contains(update.id)) << "fields of a task that the device does not have";
    Set(tasks[update.id], update.version, update.fields);
    trash.erase(update.id);
  }

  // The device was not told, so what it sent is what is stored.
  void TakeAsSent(const Change& change) {
    if (Deletes(change.fields[Field::kDeletedAt])) return Remove(change.id);
    if (const auto restored = trash.find(change.id); restored != trash.end()) {
      tasks[change.id] = restored->second;
      trash.erase(restored);
    }
    LocalTask& task = tasks[change.id];
    if (task.version.value == 0) task.fields[Field::kCompleted] = task.fields[Field::kPinned] = false;
    Set(task, change.version, change.fields);
  }

  static void Set(LocalTask& task, Version version, const PerField<std::optional<FieldValue>>& fields) {
    task.version = version;
    for (Field field : kFields) {
      if (fields[field]) task.fields[field] = *fields[field];
    }
  }

  std::map<std::string, std::string> Saying() const {
    std::map<std::string, std::string> said;
    for (const auto& [id, task] : tasks) said[id.value()] = Say(task);
    return said;
  }
};

struct FinalDevice {
  DeviceId id;
  LocalStore local;
  Stamp cursor;
  std::string etag;
  // In the middle of a series.
  std::optional<std::string> page;
  // In the middle of a series that tells the whole state: what it told so far.
  std::optional<std::set<TaskId>> resynced;
  // Sent and not answered.
  std::optional<SyncRequest> unanswered;
  int64_t number = 0;
  int64_t acked = 0;
  std::set<std::pair<int64_t, Field>> conflicts;
  // Every conflict after it was to be told.
  Stamp conflicts_since;
};

struct OldDevice {
  DeviceId id{"old-phone"};
  LocalStore local;
  Stamp cursor;
};

class SyncProperty : public EngineTest {
 protected:
  // The server's state as a device should hold it.
  std::map<std::string, std::string> Truth() {
    LocalStore server;
    for (const TaskRow& row : Everything().tasks) {
      if (!row.deleted()) server.Take(Whole(row));
    }
    return server.Saying();
  }

  Delta Everything() {
    return RunBlocking<absl::StatusOr<Snapshot>>(
               loops_.at(0),
               [&] {
                 return memory_store_.Pull(user_, {.after = {}, .news_after = Stamp{0}, .rows_max = 100'000});
               })
        ->delta;
  }

  void TheHeadIsTheTruth() {
    Head sums = StoredHead();
    sums.live_count = sums.version_sum = 0;
    for (const TaskRow& row : Everything().tasks) {
      if (row.deleted()) continue;
      ++sums.live_count;
      sums.version_sum += row.version.value;
    }
    EXPECT_EQ(StoredHead(), sums);
  }

  void EqualEtagsMeanEqualState(std::map<std::string, std::map<std::string, std::string>>& seen) {
    const auto first = seen.try_emplace(FormatEtag(StoredHead()), Truth()).first;
    EXPECT_EQ(first->second, Truth()) << first->first;
  }

  Change EditOf(Dice& dice, const DeviceId& device, const LocalStore& local, const std::string& name) {
    Edit edit(name);
    edit.By(device).At(clock_.Now().value + dice.Between(-50, 50));
    const std::string text(1, static_cast<char>('a' + dice.Between(0, 3)));
    if (const auto task = local.tasks.find(TaskId(name)); task != local.tasks.end()) {
      edit.Version(task->second.version.value + 1);
      if (dice.OneIn(6)) return edit.Deleted(clock_.Now().value);
      if (dice.OneIn(2)) edit.Completed(dice.OneIn(2));
      if (dice.OneIn(2)) edit.Pinned(dice.OneIn(2));
      return dice.OneIn(2) ? edit.Content(text) : edit;
    }
    const auto deleted = local.trash.find(TaskId(name));
    if (deleted != local.trash.end()) return edit.Version(deleted->second.version.value + 1).Alive();
    return edit.Content(text).Completed(dice.OneIn(2));
  }

  std::vector<Change> SomeEdits(Dice& dice, const DeviceId& device, const LocalStore& local) {
    std::set<std::string> names;
    for (int64_t i = dice.Between(1, 3); i > 0; --i) names.insert("t" + std::to_string(dice.Between(0, 5)));
    std::vector<Change> changes;
    for (const std::string& name : names) changes.push_back(EditOf(dice, device, local, name));
    return changes;
  }

  // Sends `request`; what becomes of it is in the device.
  void Send(FinalDevice& device, const SyncRequest& request) {
    const absl::StatusOr<SyncAnswer> answer = TrySync(request);
    if (answer.ok()) {
      device.unanswered.reset();
      return Take(device, request, *answer);
    }
    if (CodeOf(answer.status()) == "page_expired") {
      device.page.reset();
      device.resynced.reset();
      return;
    }
    EXPECT_EQ(CodeOf(answer.status()), "unavailable");
    device.unanswered = request;
  }

  void Take(FinalDevice& device, const SyncRequest& request, const SyncAnswer& answer) {
    if (!request.page) device.resynced.reset();
    // A first sync may follow one that was given up, whose rows are here: deletions since are not told.
    if (answer.full_resync || (!request.page && request.last_sync.value == 0)) device.resynced.emplace();
    for (const Change& change : request.changes) {
      if (!IsTold(answer, change.id)) {
        device.local.TakeAsSent(change);
        if (device.resynced) device.resynced->insert(change.id);
      }
      device.acked = std::max(device.acked, change.mutation->value);
    }
    for (const TaskUpdate& update : answer.updates) {
      device.local.Take(update);
      if (device.resynced) device.resynced->insert(update.id);
    }
    for (const TaskId& id : answer.deleted) device.local.Remove(id);
    for (const Conflict& conflict : answer.conflicts)
      device.conflicts.insert({conflict.at.value, conflict.field});
    device.page = answer.page;
    if (answer.page) {
      EXPECT_EQ(answer.server_time, request.last_sync);
      return;
    }
    if (device.resynced) DropWhatIsNotInTheState(device);
    // A cursor of 0 is still that of a first sync.
    if (device.cursor.value == 0 || device.resynced) device.conflicts_since = answer.server_time;
    device.resynced.reset();
    device.cursor = answer.server_time;
    device.etag = FormatEtag(*answer.head);
  }

  static bool IsTold(const SyncAnswer& answer, const TaskId& id) {
    const auto names = [&id](const auto& thing) { return thing.id == id; };
    return std::any_of(answer.updates.begin(), answer.updates.end(), names) ||
           std::any_of(answer.rejected.begin(), answer.rejected.end(), names) ||
           std::find(answer.deleted.begin(), answer.deleted.end(), id) != answer.deleted.end();
  }

  static void DropWhatIsNotInTheState(FinalDevice& device) {
    std::vector<TaskId> gone;
    for (const auto& [id, task] : device.local.tasks) {
      if (!device.resynced->contains(id)) gone.push_back(id);
    }
    for (const TaskId& id : gone) device.local.Remove(id);
  }

  SyncRequest RequestOf(const FinalDevice& device, int64_t limit) {
    SyncRequest request;
    request.device = device.id;
    request.last_sync = device.cursor;
    request.epoch = Epoch("e1");
    request.limit = limit;
    request.acked = MutationId{device.acked};
    return request;
  }

  void PushSome(Dice& dice, FinalDevice& device) {
    SyncRequest request = RequestOf(device, dice.Between(1, 4));
    request.changes = SomeEdits(dice, device.id, device.local);
    for (Change& change : request.changes) change.mutation = MutationId{++device.number};
    store_.lose_next_answer = dice.OneIn(8);
    Send(device, request);
    store_.lose_next_answer = false;
  }

  void PullOnce(FinalDevice& device, int64_t limit) {
    SyncRequest request = RequestOf(device, limit);
    request.page = device.page;
    request.if_none_match = device.etag;
    Send(device, request);
  }

  void Retry(FinalDevice& device) {
    const SyncRequest again = *device.unanswered;
    Send(device, again);
  }

  void Act(Dice& dice, FinalDevice& device) {
    if (device.unanswered) {
      Retry(device);
    } else if (dice.OneIn(2)) {
      PushSome(dice, device);
    } else {
      PullOnce(device, dice.Between(1, 4));
    }
  }

  void SyncOld(OldDevice& device, const std::vector<Change>& changes) {
    std::vector<SyncV1Part> parts;
    const SyncV1Sink sink = [&parts](SyncV1Part part) -> Task<absl::Status> {
      parts.push_back(std::move(part));
      co_return absl::OkStatus();
    };
    const SyncV1Request request{.last_sync = device.cursor, .changes = changes};
    const absl::Status status =
        Run<absl::Status>([&](Call& call) { return engine_->SyncV1(call, request, sink); });
    ASSERT_TRUE(status.ok()) << status;
    for (const Change& change : changes) device.local.TakeAsSent(change);
    for (const SyncV1Part& part : parts) {
      if (part.full_resync) device.local = {};
      for (const TaskUpdate& update : part.updates) device.local.Take(update);
      if (part.server_time) device.cursor = *part.server_time;
    }
  }

  void Act(Dice& dice, OldDevice& device) {
    std::vector<Change> changes;
    if (dice.OneIn(2)) {
      for (const Change& edit : SomeEdits(dice, device.id, device.local)) {
        // It cannot restore, and knows full objects alone.
        if (device.local.trash.contains(edit.id)) continue;
        changes.push_back(FullObject(device.local, edit));
      }
    }
    SyncOld(device, changes);
  }

  static Change FullObject(const LocalStore& local, Change edit) {
    const auto task = local.tasks.find(edit.id);
    for (Field field : kFields) {
      if (edit.fields[field]) continue;
      if (field == Field::kDeletedAt) {
        edit.fields[field] = kLive;
      } else if (task != local.tasks.end()) {
        edit.fields[field] = task->second.fields[field];
      } else {
        edit.fields[field] = false;
      }
    }
    return edit;
  }

  void PullToTheEnd(FinalDevice& device) {
    do PullOnce(device, 2);
    while (device.page && !HasFailure());
    // A series that had expired starts once more.
    PullOnce(device, 1'000);
  }

  void ConflictsReached(const FinalDevice& device) {
    for (const Conflict& conflict : Everything().conflicts) {
      if (conflict.at <= device.conflicts_since) continue;
      EXPECT_TRUE(device.conflicts.contains({conflict.at.value, conflict.field}))
          << device.id.value() << " was not told of the conflict at " << conflict.at.value;
    }
  }

  void PlayRound(uint64_t seed) {
    Dice dice(seed);
    user_ = UserId("user-" + std::to_string(seed));
    FinalDevice devices[3];
    devices[0].id = kLaptop;
    devices[1].id = kPhone;
    devices[2].id = kWeb;
    OldDevice old;
    std::map<std::string, std::map<std::string, std::string>> states;
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      clock_.AdvanceMillis(dice.Between(0, 2));
      const int64_t who = dice.Between(0, 3);
      who == 3 ? Act(dice, old) : Act(dice, devices[who]);
      if (dice.OneIn(30)) PurgeThrough({StoredHead().high_water.value - dice.Between(0, 20)});
      TheHeadIsTheTruth();
      EqualEtagsMeanEqualState(states);
    }
    for (FinalDevice& device : devices) {
      if (device.unanswered) Retry(device);
    }
    for (FinalDevice& device : devices) PullToTheEnd(device);
    SyncOld(old, {});
    for (const FinalDevice& device : devices) {
      EXPECT_EQ(device.local.Saying(), Truth()) << device.id.value();
      EXPECT_EQ(device.etag, FormatEtag(StoredHead()));
      ConflictsReached(device);
    }
    EXPECT_EQ(old.local.Saying(), Truth()) << old.id.value();
  }
};

TEST_F(SyncProperty, TheLawsHoldUnderRandomDevices) {
  for (uint64_t seed = 1; seed <= kRounds && !HasFailure(); ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    PlayRound(seed);
  }
}

}  // namespace
}  // namespace tidemark::sync
