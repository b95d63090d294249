// A device that speaks V1: full objects, versions counted locally, a cursor, no numbers, no epoch.
//
// It is a simple one: while it waits for an answer a person cannot edit, and an answer replaces what it has.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "tests/simulation/device.h"

namespace tidemark::simulation {

class V1Device : public Device {
 public:
  explicit V1Device(DeviceId id) { kept_.id = std::move(id); }

  std::string Edit(Dice& dice, UnixMillis time, const std::string& content) override;
  std::optional<Outgoing> Start(Dice& dice, UnixMillis time, bool calm) override;
  std::string Take(const Answer& answer) override;
  void GiveUp() override { asked_.reset(); }
  void Crash() override { asked_.reset(); }
  // Nothing in V1 tells a clone from its original.
  std::unique_ptr<Device> Clone(const std::string&) override { return nullptr; }
  // It knows no epoch, and would miss what was lost: a person installs it anew.
  void ServiceWasRestored() override;

  bool waiting() const override { return asked_.has_value(); }
  bool has_pending() const override { return !kept_.edited.empty(); }
  bool holds_a_state() const override { return true; }
  const Memory& memory() const override { return kept_; }
  bool WasTold(const DeviceId&, const TaskId&) const override { return false; }
  bool numbers_changes() const override { return false; }

 private:
  struct Edited {
    // The whole object.
    sync::Change object;
    // Those that the person edited.
    std::set<sync::Field> fields;
    std::set<std::string> seen;
  };
  struct Kept : Memory {
    std::map<TaskId, Edited> edited;
  };

  Edited ObjectOf(const TaskId& id) const;

  Kept kept_;
  std::optional<sync::SyncV1Request> asked_;
};

}  // namespace tidemark::simulation
