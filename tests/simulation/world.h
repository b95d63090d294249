// Users with their devices, a network that loses, doubles, delays and reorders, and a service that fails at
// any step. One thread; the same seed and events give the same run.
//
//   World world(seed, nullptr);
//   std::optional<Failure> failure = world.Play(MakeSchedule(seed, 1'000));
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <vector>

#include "common/clock/clock.h"
#include "tests/simulation/crowd.h"
#include "tests/simulation/laws.h"
#include "tests/simulation/schedule.h"
#include "tests/simulation/server.h"

namespace tidemark::simulation {

struct Failure {
  Breach breach;
  // Index of the event that brought it to light.
  int step = 0;
};

class World : private CommitWatcher {
 public:
  // Who is there is drawn from `seed`. `trace`: where to tell what happens, or null.
  World(uint64_t seed, std::ostream* trace, MakeDisk make_disk = MakeMemoryDisk);

  // Stops at the first breach of a law.
  std::optional<Failure> Play(const std::vector<Event>& events);

 private:
  void Do(const Event& event);

  // Of the service.
  void Serve(CallId call, const UserId& user, const Request& request, int64_t how);
  void Step(int64_t which, Fate fate);
  void StepCall(CallId call, Fate fate);
  // Lets all calls go on that do not sleep: no call takes long.
  void Drain();
  void FinishCalls();
  void Purge(int64_t who, int64_t how);
  void RestoreBackup();
  void Probe(int64_t which, int64_t how);
  void Wait(int64_t how);

  void Settle();
  bool AtRest(const Crowd::Person& person);
  void CheckRest();

  void Committed(CallId call, const UserId& user, const sync::PushLoad& load,
                 const sync::PushResult& result) override;
  template <typename... Parts>
  void Tell(const Parts&... parts);

  ManualClock clock_;
  Laws laws_;
  std::unique_ptr<Crowd> crowd_;
  int step_ = 0;
  std::ostream* const trace_;
  // Last: it is let go before all that its calls reach.
  std::unique_ptr<Server> server_;
};

}  // namespace tidemark::simulation
