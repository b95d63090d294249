// A device of either generation, as the world drives it, and what both have in common.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/dice.h"
#include "tests/simulation/local_tasks.h"
#include "tests/simulation/requests.h"

namespace tidemark::simulation {

// A person's edit of one field, when its change is first sent.
struct SentEdit {
  TaskId task;
  sync::Field field = sync::Field::kContent;
  sync::FieldValue value;
  UnixMillis updated_at;
  DeviceId device;
  // The texts of the task that the person had before them: the stored one, and an own one not yet stored.
  std::set<std::string> seen;
  // Said again after a restore or a purge. It may have been stored before, or after, or both.
  bool restated = false;
};

struct Outgoing {
  Request request;
  // Sent for the first time.
  std::vector<SentEdit> edits;
};

using ConflictKey = std::pair<int64_t, sync::Field>;

// What a device has stored: it outlives a crash, and a clone has the same.
struct Memory {
  DeviceId id;
  LocalTasks tasks;
  sync::Stamp cursor;
  std::set<ConflictKey> conflicts;
  // Each later conflict was to be told.
  sync::Stamp conflicts_since;
};

class Device {
 public:
  virtual ~Device() = default;

  // A person edits a task. Says what; empty: there was nothing to do.
  virtual std::string Edit(Dice& dice, UnixMillis time, const std::string& content) = 0;
  // The next request, if one is due. `calm`: as a device that wants to know all, soon.
  virtual std::optional<Outgoing> Start(Dice& dice, UnixMillis time, bool calm) = 0;
  // The answer to the request that is waited for. Nothing, or what is wrong with it.
  virtual std::string Take(const Answer& answer) = 0;
  // No answer will be heard.
  virtual void GiveUp() = 0;
  // What is not stored is lost.
  virtual void Crash() = 0;
  // Another device, of a name of its own, with the same memory; null: this kind cannot be cloned.
  virtual std::unique_ptr<Device> Clone(const std::string& name) = 0;
  // A restore of the service, as far as the device can be told of it by hand.
  virtual void ServiceWasRestored() = 0;

  virtual bool waiting() const = 0;
  virtual bool has_pending() const = 0;
  // False in the middle of a series.
  virtual bool holds_a_state() const = 0;
  virtual const Memory& memory() const = 0;
  // The task's id in a change that was refused for good.
  virtual bool WasTold(const DeviceId& device, const TaskId& rejected) const = 0;
  // A copy of a request that arrives late is recognised by the service.
  virtual bool numbers_changes() const = 0;
};

// One of the few ids that all devices of all users use.
TaskId PickTask(Dice& dice);

}  // namespace tidemark::simulation
