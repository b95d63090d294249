// A device with the real client (client/engine/exchange.h) in it: the crowd plays its network and its person.
//
// A crash leaves what the store has committed. A clone has a copy of the store.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/engine/exchange.h"
#include "client/store/local_store.h"
#include "common/random/random.h"
#include "tests/simulation/device.h"

namespace tidemark::simulation {

// Where a device keeps its store.
class Disk {
 public:
  virtual ~Disk() = default;
  // The same one as long as the disk is there.
  virtual client::LocalStore& store() = 0;
  // The process dies: the store is opened anew.
  virtual void Reopen() = 0;
  // Another one with the same on it.
  virtual std::unique_ptr<Disk> Clone() = 0;
};
using MakeDisk = std::unique_ptr<Disk> (*)();

std::unique_ptr<Disk> MakeMemoryDisk();

class ClientDevice : public Device {
 public:
  // `name` is like no other's, nor like its beginning.
  ClientDevice(std::string name, client::ExchangeOptions habits, std::unique_ptr<Disk> disk);

  std::string Edit(Dice& dice, UnixMillis time, const std::string& content) override;
  std::optional<Outgoing> Start(Dice& dice, UnixMillis time, bool calm) override;
  std::string Take(const Answer& answer) override;
  void GiveUp() override;
  void Crash() override;
  std::unique_ptr<Device> Clone(const std::string& name) override;
  // The service tells it by the epoch.
  void ServiceWasRestored() override {}

  bool waiting() const override { return is_waiting_; }
  bool has_pending() const override { return has_pending_; }
  bool holds_a_state() const override { return !replica_.series && !replica_.held; }
  const Memory& memory() const override { return memory_; }
  bool WasTold(const DeviceId& device, const TaskId& rejected) const override {
    return told_.contains({device, rejected});
  }
  bool numbers_changes() const override { return true; }

 private:
  // What the person did to one field, until it is answered.
  struct PersonsEdit {
    sync::FieldValue value;
    // The texts that they had before them.
    std::set<std::string> seen;
    // A clone has it as well. If neither has sent it, each may number it otherwise, and it is heard twice.
    bool is_cloned = false;
  };

  ClientDevice(const ClientDevice& other, std::string name);
  void EditState(client::TaskState& task, Dice& dice, UnixMillis time, const std::string& content);
  // What is asked next was frozen just now.
  void NoteFrozen(const client::Ask& ask);
  // Of changes that go out for the first time.
  std::vector<SentEdit> NewEdits();
  std::string TakeEnd(const client::RunEnd& end, const Answer& answer);
  void NoteWholeState(const client::SyncAsk& asked, const sync::SyncAnswer& answer);
  void NoteRejections(const client::SyncAsk& asked, const sync::SyncAnswer& answer);
  void LookAfterWishes(client::Transaction& tx);
  // Reads from the store what the laws look at.
  void Look();
  void Write(const std::function<void(client::Transaction&)>& body);

  const std::string name_;
  const client::ExchangeOptions habits_;
  std::unique_ptr<Disk> disk_;
  SeededRandom random_;
  std::unique_ptr<client::Exchange> exchange_;
  // To be sent, or waited for.
  std::optional<client::Ask> ask_;
  bool is_waiting_ = false;
  UnixMillis time_;

  // As the store has it.
  client::Replica replica_;
  Memory memory_;
  bool has_pending_ = false;

  // What the judge is told; no part of the device.
  std::map<TaskId, std::map<sync::Field, PersonsEdit>> edits_;
  // By device and number, from when it is frozen until it is sent.
  std::map<std::pair<DeviceId, int64_t>, std::vector<SentEdit>> frozen_;
  std::set<std::pair<DeviceId, int64_t>> reported_;
  // Refused, and not settled yet.
  std::vector<client::Change> wishes_;
  std::set<std::pair<DeviceId, TaskId>> told_;
};

}  // namespace tidemark::simulation
