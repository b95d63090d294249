// A device that speaks the Final protocol and keeps the rules of SPEC 6.3.
//
//   - What the service told is kept apart from pending edits; a person sees the one laid over the other.
//   - A change once sent is frozen until answered. A later edit of the task waits behind it, or replaces it
//     under a new number (`replaces`): SPEC 6.3 allows either.
//   - A pending edit keeps the version it was made on, until a pull brings none of its fields.
//   - Rows are stored as they come, the cursor once, at the end of a series.
//   - A series of the whole state that ends drops what it did not name.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/device.h"

namespace tidemark::simulation {

struct FinalHabits {
  // Sends its clock's time with each request.
  bool tells_time = true;
  bool replaces = false;
  int64_t page_limit = 5;
  // Changes in a request, apart from those that were sent before.
  int64_t batch = 3;
};

class FinalDevice : public Device {
 public:
  // `name` is like no other's, nor like its beginning.
  FinalDevice(std::string name, FinalHabits habits) : name_(std::move(name)), habits_(habits) {
    kept_.id = DeviceId(name_);
  }

  std::string Edit(Dice& dice, UnixMillis time, const std::string& content) override;
  std::optional<Outgoing> Start(Dice& dice, UnixMillis time, bool calm) override;
  std::string Take(const Answer& answer) override;
  void GiveUp() override { volatile_.asked.reset(); }
  void Crash() override { volatile_ = {}; }
  std::unique_ptr<Device> Clone(const std::string& name) const override;
  // The service tells it by the epoch.
  void ServiceWasRestored() override {}

  bool waiting() const override { return volatile_.asked.has_value(); }
  bool has_pending() const override { return !kept_.pending.empty(); }
  bool holds_a_state() const override { return !volatile_.page; }
  const Memory& memory() const override { return kept_; }
  bool WasTold(const DeviceId& device, const TaskId& rejected) const override {
    return kept_.rejected.contains({device, rejected});
  }
  bool numbers_changes() const override { return true; }

 private:
  using Fields = sync::PerField<std::optional<sync::FieldValue>>;

  struct Pending {
    sync::Change change;
    // What the person had before them when editing a field.
    sync::PerField<std::set<std::string>> seen;
    // Frozen.
    bool sent = false;
    // A pull brought one of its fields: its base stays.
    bool overlapped = false;
    // Not edits: what this device has and the service has not, after a restore or a purge.
    sync::PerField<bool> restated;
  };

  struct Kept : Memory {
    std::optional<sync::Epoch> epoch;
    std::string etag;
    // By rising number.
    std::vector<Pending> pending;
    int64_t last_number = 0;
    int64_t acked = 0;
    std::set<std::pair<DeviceId, TaskId>> rejected;
    int forks = 0;
  };

  struct Volatile {
    std::optional<Request> asked;
    std::optional<std::string> page;
    // In a full resync.
    bool resync = false;
    // In a series that tells the whole state: what it told so far.
    std::optional<std::set<TaskId>> named;
    // In a series after a restore of the service: its state, as it comes.
    std::optional<LocalTasks> restored;
    bool check_said_changed = false;
  };

  // As the person sees it; nothing: not there.
  std::optional<sync::PerField<sync::FieldValue>> View(const TaskId& id) const;
  Fields MakeEdit(Dice& dice, const TaskId& id, UnixMillis time, const std::string& content) const;
  void Queue(const TaskId& id, const Fields& fields, UnixMillis time);
  Pending& QueueEntry(const TaskId& id);
  bool IsInFlight(const Pending& entry) const;

  sync::SyncRequest NewRequest(UnixMillis time) const;
  void Complete(Pending& entry) const;
  void Freeze(int64_t batch, sync::SyncRequest& request, std::vector<SentEdit>& edits);

  std::string TakeSync(const sync::SyncRequest& request, const sync::SyncAnswer& answer);
  void TakeOutcomes(const sync::SyncRequest& request, const sync::SyncAnswer& answer);
  void TakeOutcome(const sync::Change& change, const sync::SyncAnswer& answer, bool& forked);
  void TakeRejection(const sync::Change& change, const sync::Rejection& rejection, bool& forked);
  std::string TakeUpdate(const sync::TaskUpdate& update);
  void RaiseBase(const TaskId& id, sync::Version version, const Fields& pulled);
  void TakeDeletion(const TaskId& id);
  void EndSeries(const sync::SyncAnswer& answer);
  void PushWhatDiffers(const LocalTasks& service);
  static void ForgetBase(Pending& entry);
  void ForgetBases();
  void TakeNewIdentity();

  const std::string name_;
  const FinalHabits habits_;
  Kept kept_;
  Volatile volatile_;
};

}  // namespace tidemark::simulation
