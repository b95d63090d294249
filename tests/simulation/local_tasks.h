// The tasks of a device as the service last told them, apart from the device's own pending edits.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "services/sync/domain/pull.h"
#include "services/sync/domain/types.h"

namespace tidemark::simulation {

struct LocalTask {
  sync::Version version;
  UnixMillis updated_at;
  sync::PerField<sync::FieldValue> fields;
};

class LocalTasks {
 public:
  // Living ones.
  const std::map<TaskId, LocalTask>& alive() const { return alive_; }
  // As it was last known, dead or alive.
  const LocalTask* Find(const TaskId& id) const;
  const LocalTask* FindAlive(const TaskId& id) const;
  bool KnowsAsDead(const TaskId& id) const { return dead_.contains(id); }

  // False: fields were told of a task that is not here.
  bool Take(const sync::TaskUpdate& update);
  // A change that is stored as it was sent.
  void TakeAsSent(const sync::Change& change);
  // A person may bring it back.
  void Remove(const TaskId& id);

 private:
  LocalTask& Revive(const TaskId& id);
  void Put(const TaskId& id, sync::Version version, UnixMillis updated_at,
           const sync::PerField<std::optional<sync::FieldValue>>& fields);

  std::map<TaskId, LocalTask> alive_;
  std::map<TaskId, LocalTask> dead_;
};

bool Deletes(const std::optional<sync::FieldValue>& deleted_at);
std::string ContentOf(const sync::PerField<sync::FieldValue>& fields);

// A line per living task, by id: "t1 v3 milk completed". Equal texts mean equal states.
using StateText = std::map<std::string, std::string>;
std::string SayTask(sync::Version version, const sync::PerField<sync::FieldValue>& fields);
StateText SayState(const std::map<TaskId, LocalTask>& alive);
StateText SayState(const std::map<TaskId, sync::TaskRow>& rows);
std::string Join(const StateText& state);

// What a change gives: "content=milk pinned".
std::string SayFields(const sync::PerField<std::optional<sync::FieldValue>>& fields);

}  // namespace tidemark::simulation
