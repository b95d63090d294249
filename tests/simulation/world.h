// Users with their devices, a network that loses, doubles, delays and reorders, and a service that fails at
// any step. One thread; the same seed and events give the same run.
//
//   World world(seed, nullptr);
//   std::optional<Failure> failure = world.Play(MakeSchedule(seed, 1'000));
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "common/clock/clock.h"
#include "tests/simulation/device.h"
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
  World(uint64_t seed, std::ostream* trace);

  // Stops at the first breach of a law.
  std::optional<Failure> Play(const std::vector<Event>& events);

 private:
  struct Person {
    std::string name;
    UserId user;
    std::unique_ptr<Device> device;
    // How wrong its clock is.
    int64_t skew = 0;
    // What it waits for.
    int64_t ticket = 0;
  };
  // A request on its way, or being served.
  struct Message {
    int64_t ticket = 0;
    int maker = 0;
    Request request;
  };
  struct Reply {
    int64_t ticket = 0;
    int maker = 0;
    Answer answer;
  };

  void AddUser(Dice& dice, int number);
  void Do(const Event& event);

  // Of devices.
  void Edit(int who, int64_t how);
  void Send(int who, int64_t how, bool calm);
  void GiveUp(int who);
  void Clone(int who);
  void Take(const Reply& reply);

  // Of the network.
  void Deliver(int64_t which, int64_t how, bool keep_copy);
  void LoseRequest(int64_t which);
  void HearAnswer(int64_t which, bool lost);
  bool IsUnderWay(int64_t ticket) const;
  void ForgetTicket(int64_t ticket);

  // Of the service.
  void Serve(const Message& message, int64_t how);
  void Step(int64_t which, Fate fate);
  void StepCall(CallId call, Fate fate);
  // Lets all calls go on that do not sleep: no call takes long.
  void Drain();
  void FinishCalls();
  void Purge(int who, int64_t how);
  void RestoreBackup();
  void Probe(int who, int64_t how);
  void Wait(int64_t how);

  void Settle();
  bool AtRest(const Person& person);
  void SyncOnce(int who);
  void CheckRest();

  void Committed(CallId call, const UserId& user, const sync::PushLoad& load,
                 const sync::PushResult& result) override;
  void Answered(CallId call, Answer answer);

  // The device's clock, unlike any time it or another has shown before.
  UnixMillis TimeOf(const Person& person);
  template <typename... Parts>
  void Tell(const Parts&... parts);

  ManualClock clock_;
  Laws laws_;
  std::vector<Person> people_;
  std::map<CallId, Message> served_;
  std::vector<Message> requests_;
  std::vector<Reply> answers_;
  std::set<int64_t> used_times_;
  int64_t last_ticket_ = 0;
  CallId last_call_ = 0;
  int64_t last_content_ = 0;
  int step_ = 0;
  std::ostream* const trace_;
  // Last: it is let go before all that its calls reach.
  std::unique_ptr<Server> server_;
};

}  // namespace tidemark::simulation
