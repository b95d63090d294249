// What must hold of a service that is only seen from outside, however its replicas interleave what they do.
// No commit is watched, so what became of an edit is judged once all is at rest.
//
//   at each answer    no answer is older than what was acknowledged before its request was sent; the cursor
//                     stays until the last page, and at "no change", which has no news; a stamp has one ETag;
//                     no conflict is of a device with itself
//   at a series' end  who holds an ETag holds the same state, with the tasks and versions that it counts
//   at rest           all devices of a user equal each other and a device that begins anew; each edit is
//                     visible, replaced by a later one of its maker, in the history, or was told as refused;
//                     who lost a conflict was told, and so was every device; no edit is applied twice
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/edits.h"
#include "tests/simulation/judge.h"

namespace tidemark::simulation {

class OutsideLaws : public Judge {
 public:
  void Sent(int maker, const UserId& user, const std::vector<SentEdit>& edits) override;
  void Answered(CallId call, const UserId& user, const Request& request, const Answer& answer) override;
  void EndedSeries(const std::string& name, const UserId& user, const Memory& memory) override;

  // The user's newest that was told; "0-0-0" if none was.
  std::string EtagOf(const UserId& user);
  // Tasks that were edited since the last rest.
  std::set<TaskId> EditedTasks(const UserId& user);

  struct Resting {
    std::string name;
    const Device* device = nullptr;
  };
  using Histories = std::map<TaskId, std::vector<sync::HistoryEntry>>;
  // What the service holds of the user, as a device that begins anew was told, and EditedTasks' histories.
  struct Stored {
    const LocalTasks& tasks;
    const Histories& histories;
  };
  // All of the user's devices, by their number as makers. What was judged is forgotten.
  void CheckRest(const UserId& user, const std::map<int, Resting>& devices, const Stored& stored);

 private:
  struct Edit {
    int maker = 0;
    sync::FieldValue value;
    // Sent again, or edited again, by the same maker.
    bool superseded = false;
  };
  struct User {
    std::map<EditKey, Edit> edits;
    std::map<ConflictKey, sync::Conflict> conflicts;
    // By stamp.
    std::map<sync::Stamp, sync::Head> heads;
    std::map<sync::Stamp, StateText> states;
  };
  // One user at rest, while it is judged.
  struct Rest {
    const UserId& id;
    const User& user;
    const std::map<int, Resting>& devices;
    const Stored& stored;
    // Who speaks V1: what such a device says twice cannot be told from a new edit.
    std::set<DeviceId> without_numbers;
  };

  void TakeHead(const std::string& what, const UserId& user, const sync::Head& head, CallId call);
  void TakeConflicts(const UserId& user, const std::vector<sync::Conflict>& conflicts);
  void CheckCursor(const UserId& user, const sync::SyncRequest& asked, const sync::SyncAnswer& answer);

  void CheckEqual(const Rest& rest);
  void CheckConflictsWereTold(const Rest& rest);
  void CheckHistory(const Rest& rest, const TaskId& task, const std::vector<sync::HistoryEntry>& entries);
  static bool WasSaidByAnother(const Rest& rest, const sync::HistoryEntry& entry);
  void CheckLoserWasTold(const Rest& rest, const sync::HistoryEntry& entry);
  void CheckEdits(const Rest& rest);
  static bool WasHeard(const Rest& rest, const EditKey& key, const Edit& edit);

  std::map<UserId, User> users_;
};

}  // namespace tidemark::simulation
