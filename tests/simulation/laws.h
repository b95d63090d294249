// What must hold, whatever happens. It watches every commit and every answer, keeps its own copy of what is
// stored, and judges by what persons did and knew, not by what the service says.
//
//   at each commit     a push is decided on the last committed state; stamps rise; count and sum are those of
//                      the living tasks; a value changes only by an edit, and by each edit once; what is
//                      replaced is kept in the history, and its replacer had seen it, or is the same device,
//                      or there is a conflict; what wins a conflict is stored; an edit loses once; no
//                      conflict is of a device with itself
//   at each answer     an ETag names a state that was; no answer is older than what was acknowledged before
//                      its request was sent; the cursor stays until the last page, and at "no change"
//   at a series' end   the device has exactly the state that its ETag names
//   at rest            all devices equal the service; each edit was heard, and where it lost, its maker was
//                      told; conflicts reached every device
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "services/sync/domain/etag.h"
#include "services/sync/storage/store.h"
#include "tests/simulation/edits.h"
#include "tests/simulation/judge.h"

namespace tidemark::simulation {

class Laws : public Judge {
 public:
  void Sent(int maker, const UserId& user, const std::vector<SentEdit>& edits) override;
  void Committed(CallId call, const UserId& user, const Request& request, const sync::PushLoad& load,
                 const sync::PushResult& result);
  void Answered(CallId call, const UserId& user, const Request& request, const Answer& answer) override;
  void EndedSeries(const std::string& name, const UserId& user, const Memory& memory) override;

  void Purged(const UserId& user, sync::Stamp through);
  void KeptBackup();
  void RestoredBackup();

  // All of the user's devices are at rest. `stored` is what the service has.
  void CheckRest(const UserId& user, const sync::Snapshot& stored);
  void CheckRestOf(int maker, const std::string& name, const UserId& user, const Device& device);

  // The user's newest stamp.
  sync::Stamp HighWater(const UserId& user) { return users_[user].stored.head.high_water; }
  std::string EtagOf(const UserId& user) { return sync::FormatEtag(users_[user].stored.head); }

 private:
  enum class Fate { kUnheard, kStored, kRefused, kEqual, kForked, kRejected };

  struct Edit {
    int maker = 0;
    sync::FieldValue value;
    std::set<std::string> seen;
    Fate fate = Fate::kUnheard;
    Fate fate_in_backup = Fate::kUnheard;
    int stored_times = 0;
    bool has_lost = false;
    // Sent again, or edited again, by the same maker.
    bool superseded = false;
    // A restore has made what became of it uncertain.
    bool uncertain = false;
  };
  // A conflict whose loser is to be told.
  struct Owed {
    int maker = 0;
    ConflictKey conflict;
    TaskId task;
  };
  struct Stored {
    sync::Head head;
    std::map<TaskId, sync::TaskRow> tasks;
    std::vector<sync::Conflict> conflicts;
  };
  struct User {
    Stored stored;
    Stored backup;
    std::map<EditKey, Edit> edits;
    std::vector<Owed> owed;
    // By ETag, of this epoch.
    std::map<std::string, StateText> states = {{"\"0-0-0\"", {}}};
    std::map<sync::Stamp, std::string> etags = {{sync::Stamp{0}, "\"0-0-0\""}};
    sync::Stamp purged_through;
  };
  // One commit, while it is judged.
  struct Commit {
    User& user;
    const std::vector<sync::Change>& changes;
    // V1.
    bool full_objects;
    // Decided by the cursor rather than by versions.
    std::optional<sync::Stamp> cursor;
    const sync::PushLoad& load;
    const sync::PushResult& result;
  };

  void CheckDecidedOnLastState(const Commit& commit);
  void CheckStamps(const Commit& commit);
  void CheckConflicts(const Commit& commit);
  void CheckToldOnce(const Commit& commit, const sync::Conflict& conflict);
  static bool IsForAMark(const Commit& commit, const sync::Conflict& conflict);
  void CheckWinner(const Commit& commit, const sync::Conflict& conflict);
  void CheckWrites(const Commit& commit);
  void CheckWrite(const Commit& commit, const sync::TaskRow* before, const sync::TaskRow& after,
                  sync::Field field);
  void CheckReplaced(const Commit& commit);
  bool HadSeen(const Commit& commit, const sync::HistoryEntry& replaced);
  void NoteFates(const Commit& commit);
  Fate FateOf(const Commit& commit, const sync::Change& change, const EditKey& key, const Edit& edit);
  void Owe(User& user, const sync::Conflict& conflict);
  void Keep(const Commit& commit);
  void CheckCursor(User& user, const sync::SyncRequest& asked, const sync::SyncAnswer& answer);
  void CheckHead(const std::string& what, const UserId& user, const sync::Head& head, CallId call);

  std::map<UserId, User> users_;
  // The newest stamp of what the call committed.
  std::map<CallId, sync::Stamp> committed_;
};

}  // namespace tidemark::simulation
