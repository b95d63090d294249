// The crowd of the simulation against the real service: the seed chooses what devices and network do, and to
// which replica each request goes; how the service interleaves them is the machine's affair.
//
//   ServiceClient client(addresses, service_token, absl::Seconds(10));
//   ServiceWorld world(seed, tokens, client);
//   world.Play(MakeSchedule(seed, 1'000));
//   if (world.breach()) std::cerr << world.Report();
//
// Of a schedule's events those of devices and network happen, and all settles where it says so; those of the
// service (its steps, crashes, purges, restores) are left to whoever runs the service.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/clock/clock.h"
#include "tests/simulation/client_device.h"
#include "tests/simulation/crowd.h"
#include "tests/simulation/dice.h"
#include "tests/simulation/outside_laws.h"
#include "tests/simulation/service_client.h"

namespace tidemark::simulation {

struct ServiceCounts {
  int64_t events = 0;
  int64_t calls = 0;
  // Most calls under way at once.
  int64_t together = 0;
  int64_t unavailable = 0;
  int64_t rests = 0;
};

class ServiceWorld {
 public:
  // A user per access token, "u1" for the first; their accounts are new. `client` outlives this.
  ServiceWorld(uint64_t seed, std::vector<std::string> tokens, ServiceClient& client);

  // Stops at the first breach of a law.
  void Play(const std::vector<Event>& events);

  const std::optional<Breach>& breach() const { return laws_.breach(); }
  // The breach, and what happened last to whom it names; to all if it names nobody.
  std::string Report() const;
  const ServiceCounts& counts() const { return counts_; }

 private:
  void Do(const Event& event);
  void Probe(int64_t which, int64_t how);

  // Of the service.
  void Start(CallId call, const UserId& user, const Request& request, int64_t how);
  void TakeArrivals();
  void AwaitOne();
  void AwaitAll();
  void Take(ServiceClient::Arrival arrival);
  // The service is away, in part at least: devices do not ask again at once.
  void NoteUnavailable(const absl::Status& status);
  int64_t AnyReplica() { return dice_.Below(client_.replicas()); }
  const std::string& TokenOf(const UserId& user) const { return tokens_.at(user); }

  // Rest.
  void Settle();
  void BringToRest();
  bool AtRest(const Crowd::Person& person);
  std::unique_ptr<ClientDevice> BeginAnew(const UserId& user);
  void CheckRest(const UserId& user, const Device& anew);
  std::vector<sync::HistoryEntry> HistoryOf(const UserId& user, const TaskId& task);

  void Note(const UserId& user, const std::string& line);

  const SystemClock clock_;
  Dice dice_;
  std::map<UserId, std::string> tokens_;
  ServiceClient& client_;
  OutsideLaws laws_;
  Crowd crowd_;
  // What happened last.
  std::map<UserId, std::deque<std::string>> notes_;
  ServiceCounts counts_;
  // Calls that the crowd does not know of.
  CallId last_own_call_ = 0;
};

}  // namespace tidemark::simulation
