#include "common/vitals/vitals.h"

#include <algorithm>
#include <utility>

#include "common/rpc/client.h"
#include "common/rpc/handler.h"

namespace tidemark::vitals {
namespace {

void AddTier(const v1::CacheTierStatus& tier, v1::GetStatusResponse& all) {
  auto& tiers = *all.mutable_cache_tiers();
  auto known = std::find_if(tiers.begin(), tiers.end(), [&tier](const v1::CacheTierStatus& other) {
    return other.name() == tier.name();
  });
  if (known == tiers.end()) {
    *all.add_cache_tiers() = tier;
    return;
  }
  known->set_reads(known->reads() + tier.reads());
  known->set_hits(known->hits() + tier.hits());
}

// Two processes may have asked the same one: it is told once.
void AddProcess(const v1::ProcessStatus& process, v1::GetStatusResponse& all) {
  const auto& told = all.processes();
  const bool known = std::any_of(told.begin(), told.end(), [&process](const v1::ProcessStatus& other) {
    return other.instance() == process.instance();
  });
  if (!known) *all.add_processes() = process;
}

void Add(const v1::GetStatusResponse& heard, v1::GetStatusResponse& all) {
  for (const v1::ProcessStatus& process : heard.processes()) AddProcess(process, all);
  if (heard.has_quota() && !all.has_quota()) *all.mutable_quota() = heard.quota();
  for (const v1::CacheTierStatus& tier : heard.cache_tiers()) AddTier(tier, all);
}

}  // namespace

class Vitals::Service final : public v1::StatusService::CallbackService {
 public:
  Service(EventLoops& loops, const Vitals& vitals, rpc::ServiceCredential credential)
      : loops_(loops), vitals_(vitals), credential_(std::move(credential)) {}

  grpc::ServerUnaryReactor* GetStatus(grpc::CallbackServerContext* context, const v1::GetStatusRequest*,
                                      v1::GetStatusResponse* response) override {
    return rpc::HandleUnary(loops_, context, [this, response](rpc::ServerCall& call) -> Task<absl::Status> {
      if (absl::Status known = credential_.Check(call); !known.ok()) co_return known;
      *response = vitals_.Now();
      co_return absl::OkStatus();
    });
  }

 private:
  EventLoops& loops_;
  const Vitals& vitals_;
  const rpc::ServiceCredential credential_;
};

Vitals::Vitals(EventLoops& loops, const Clock& clock, Random& random, Identity identity)
    : loops_(loops),
      clock_(clock),
      identity_(std::move(identity)),
      service_(std::make_unique<Service>(loops, *this, identity_.credential)) {
  self_.set_name(identity_.name);
  self_.set_instance(NewUuid(random));
  self_.set_version(TIDEMARK_VERSION);
  self_.set_started_at(clock.Now().value);
}

Vitals::~Vitals() = default;

Dependency& Vitals::AddDependency(const std::string& name) {
  return dependencies_.emplace_back(name, clock_);
}

void Vitals::Watch(const std::string& name, std::function<Task<bool>()> answers) {
  Dependency& dependency = AddDependency(name);
  // The first time at once.
  auto pause = [begun = false]() mutable {
    return std::exchange(begun, true) ? kLookEvery : absl::ZeroDuration();
  };
  looking_.emplace_back(loops_.Next(), std::move(pause),
                        [&dependency, answers = std::move(answers)](const std::atomic<bool>&) -> Task<void> {
                          const bool answered = co_await answers();
                          dependency.Note(answered);
                        });
}

void Vitals::Watch(const std::string& name, std::function<bool()> answers) {
  Watch(name, [answers = std::move(answers)]() -> Task<bool> { co_return answers(); });
}

void Vitals::WatchProcess(const std::string& name, const std::string& address, Hears hears) {
  std::list<Peer>& peers = hears == Hears::kAll ? heard_peers_ : other_peers_;
  Peer& peer = peers.emplace_back(rpc::NewChannel(address, identity_.credentials),
                                  identity_.credential.shown(), clock_);
  Watch(name, [&peer] { return peer.Ask(); });
}

void Vitals::Tell(std::function<void(v1::GetStatusResponse&)> tell) { tellers_.push_back(std::move(tell)); }

v1::GetStatusResponse Vitals::Now() const {
  v1::GetStatusResponse all;
  v1::ProcessStatus& self = *all.add_processes();
  self = self_;
  for (const Dependency& dependency : dependencies_) dependency.Tell(*self.add_dependencies());
  for (const auto& tell : tellers_) tell(all);
  for (const Peer& peer : heard_peers_) {
    for (const v1::GetStatusResponse& heard : peer.Heard()) Add(heard, all);
  }
  return all;
}

grpc::Service& Vitals::service() { return *service_; }

}  // namespace tidemark::vitals
