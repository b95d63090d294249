// A device of a person, with the real client in it: its schedule, its exchange, its session, and a store in
// memory. What drives them in the product is a thread that waits for real time (client/manager); here it is a
// queue of events.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bench/fleet_day/edit_book.h"
#include "bench/fleet_day/people.h"
#include "bench/fleet_day/seeded_store.h"
#include "bench/fleet_day/settings.h"
#include "bench/fleet_day/transport.h"
#include "bench/users/device.h"
#include "client/credentials/memory_credentials.h"
#include "client/domain/schedule/schedule.h"
#include "client/domain/view.h"
#include "client/manager/gate.h"
#include "client/manager/session.h"
#include "client/manager/sync_run.h"

namespace tidemark::fleet {

// With whom a device talks: the lane's.
struct Line {
  Transport& transport;
  client::Gate& gate;
  const Clock& clock;
};

// How a run came out.
struct RunOutcome {
  // False: there was none, because no token could be had.
  bool ran = false;
  client::RunReport report;
};

// Not thread-safe.
class Device {
 public:
  // All outlive this. `epoch`: the data set's. `logs_in`: it has no session yet, and gets one by its person's
  // password.
  Device(const Settings& settings, const Scenario& scenario, const Person& person, int place,
         const std::string& epoch, bool logs_in);

  // What the person does. The app is started and left; the device is switched on and off.
  void SwitchOn(UnixMillis now);
  void SwitchOff() { is_on_ = false; }
  void Start(UnixMillis now);
  void Leave(UnixMillis now);
  // One edit, which the book takes down.
  void Edit(PersonsEdits& edits, UnixMillis now);

  // What its schedule has due next; nothing: the device is off, or waits for something else.
  std::optional<client::Due> Next() const;
  // Does what is due: a run of requests, or the renewal of its token.
  RunOutcome Run(const client::Due& due, const Line& line);
  // A run that nothing but its person asks for, whatever the schedule says.
  RunOutcome RunNow(const Line& line);

  const Person& person() const { return person_; }
  // Changes that wait.
  int64_t pending() const { return pending_; }
  // The state that it holds.
  bench::DeviceState held();
  // Changes that the service refused for good.
  int64_t rejections();

 private:
  // A task that the person sees here.
  std::optional<client::Task> Look(const PersonsEdits& edits, week::Dice& dice);
  MadeEdit Create(const std::string& content, UnixMillis now);
  MadeEdit Change(const client::Task& seen, double what, const std::string& content, UnixMillis now);
  client::TaskState StateOf(const TaskId& id);
  client::Fields PendingOf(const TaskId& id) { return client::PendingFields(StateOf(id)); }

  absl::StatusOr<client::Renewed> Token(const Line& line);
  // False: it cannot sync now. `by_refresh`: why it has a token.
  bool HasToken(const absl::StatusOr<client::Renewed>& token, UnixMillis now);
  RunOutcome Exchange(const client::RunOptions& options, const std::string& token, const Line& line);
  void NotePending();
  client::Replica replica();

  const Settings& settings_;
  const Scenario& scenario_;
  const Person& person_;
  const int place_;
  bool logs_in_ = false;
  week::Dice draws_;
  SeededRandom random_;
  SeededStore store_;
  client::MemoryCredentials credentials_;
  client::Schedule schedule_;
  bool is_on_ = false;
  int64_t pending_ = 0;
};

}  // namespace tidemark::fleet
