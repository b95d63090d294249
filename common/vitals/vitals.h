// How this process is and what it depends on: what it tells as StatusService, and what the gateway's status
// page shows.
//
//   vitals::Vitals vitals(loops, clock, random, {.name = "sync", .credential = credential});
//   vitals.Watch("postgres", [&] { return postgres.healthy(); });
//   vitals.WatchProcess("ratelimit", settings.ratelimit_address, vitals::Hears::kAll);
//   process.Serve({&service, &vitals.service()});
//
// Each dependency is asked twice a second by a task of its own, so that one that hangs delays nobody's
// answer, and whoever asks how this process is gets what is known, at once.
#pragma once

#include <grpcpp/security/credentials.h>

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "common/async/event_loops.h"
#include "common/async/periodic.h"
#include "common/clock/clock.h"
#include "common/random/random.h"
#include "common/rpc/service_credential.h"
#include "common/vitals/dependency.h"
#include "common/vitals/peer.h"
#include "tidemark/v1/status.grpc.pb.h"

namespace tidemark::vitals {

// Between two questions.
inline constexpr absl::Duration kLookEvery = absl::Milliseconds(500);

struct Identity {
  // "sync".
  std::string name;
  // Proves this process to those it asks, and those who ask to it.
  rpc::ServiceCredential credential;
  // How others are asked (rpc::Tls).
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
};

// What is told on of what another process tells.
enum class Hears { kNothing, kAll };

// Thread-safe once all is watched.
class Vitals {
 public:
  // All that is referred to outlives this.
  Vitals(EventLoops& loops, const Clock& clock, Random& random, Identity identity);
  // Waits for the questions under way. While the loops still run, from none of their threads.
  ~Vitals();

  // `answers` has a bound in time of its own.
  void Watch(const std::string& name, std::function<Task<bool>()> answers);
  // The same for what is known without asking.
  void Watch(const std::string& name, std::function<bool()> answers);
  // By its StatusService. `address`: as rpc::NewChannel wants it.
  void WatchProcess(const std::string& name, const std::string& address, Hears hears);
  // Has `tell` add to each answer what only this process knows.
  void Tell(std::function<void(v1::GetStatusResponse&)> tell);

  // As of now: this process first. Of several answers the first that knows the quota tells it, and the tiers
  // of caches are counted together.
  v1::GetStatusResponse Now() const;

  // Tells Now() to callers with the service credential.
  grpc::Service& service();

 private:
  class Service;

  Dependency& AddDependency(const std::string& name);

  EventLoops& loops_;
  const Clock& clock_;
  const Identity identity_;
  v1::ProcessStatus self_;
  std::list<Dependency> dependencies_;
  std::list<Peer> heard_peers_;
  std::list<Peer> other_peers_;
  std::vector<std::function<void(v1::GetStatusResponse&)>> tellers_;
  std::unique_ptr<Service> service_;
  // Last, as it uses the others until it is destroyed.
  std::list<Periodic> looking_;
};

}  // namespace tidemark::vitals
