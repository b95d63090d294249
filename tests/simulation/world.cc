#include "tests/simulation/world.h"

#include <algorithm>
#include <utility>

namespace tidemark::simulation {
namespace {

constexpr UnixMillis kStart{1'735'689'600'000};
constexpr int64_t kHourMillis = 60 * 60 * 1000;

}  // namespace

World::World(uint64_t seed, std::ostream* trace, MakeDisk make_disk) : clock_(kStart), trace_(trace) {
  CommitWatcher& watcher = *this;
  server_ = std::make_unique<Server>(
      clock_, watcher, [this](CallId call, Answer answer) { crowd_->Answered(call, std::move(answer)); });
  const Crowd::Serve serve = [this](CallId call, const UserId& user, const Request& request, int64_t how) {
    Serve(call, user, request, how);
  };
  Crowd::Trace tell;
  if (trace) tell = [this](const UserId&, const std::string& line) { Tell(line); };
  crowd_ = std::make_unique<Crowd>(laws_, clock_, serve, std::move(tell), make_disk);
  Dice dice(seed);
  const int64_t users = 1 + dice.Below(2);
  for (int number = 1; number <= users; ++number) crowd_->AddUser(dice, number);
}

std::optional<Failure> World::Play(const std::vector<Event>& events) {
  for (const Event& event : events) {
    Do(event);
    if (laws_.breach()) return Failure{*laws_.breach(), step_};
    ++step_;
  }
  return std::nullopt;
}

void World::Do(const Event& event) {
  clock_.AdvanceMillis(event.how % 2);
  switch (event.kind) {
    case EventKind::kStep:
      return Step(event.who, Fate::kDone);
    case EventKind::kRefuseStep:
      return Step(event.who, Fate::kRefused);
    case EventKind::kLoseStepAnswer:
      return Step(event.who, Fate::kAnswerLost);
    case EventKind::kCrashReplica:
      Tell("replica ", event.who % kReplicas, " crashes");
      return server_->Crash(static_cast<int>(event.who % kReplicas));
    case EventKind::kFlushCache:
      Tell("the cache is flushed");
      return server_->FlushCache();
    case EventKind::kPurge:
      return Purge(event.who, event.how);
    case EventKind::kKeepBackup:
      Tell("a backup is made");
      server_->KeepBackup();
      return laws_.KeptBackup();
    case EventKind::kRestoreBackup:
      return RestoreBackup();
    case EventKind::kProbe:
      return Probe(event.who, event.how);
    case EventKind::kWait:
      return Wait(event.how);
    case EventKind::kSettle:
      return Settle();
    default:
      return crowd_->Do(event);
  }
}

// ---- the service

void World::Serve(CallId call, const UserId& user, const Request& request, int64_t how) {
  const auto* sync = std::get_if<sync::SyncRequest>(&request);
  const bool sync_is_empty = sync && !sync->changes.empty() && how % 8 == 0;
  server_->Start(call, static_cast<int>(how % kReplicas), user, request, sync_is_empty);
}

void World::Step(int64_t which, Fate fate) {
  const auto& waiting = server_->waiting();
  if (waiting.empty()) return;
  const auto call = std::next(waiting.begin(), which % static_cast<int64_t>(waiting.size()));
  const CallId id = call->first;
  // Time passes for all: whoever is awake is done before a sleeper wakes.
  if (call->second.asleep()) {
    Drain();
    return StepCall(id, Fate::kDone);
  }
  StepCall(id, fate);
}

void World::StepCall(CallId call, Fate fate) {
  const char* how = fate == Fate::kDone ? "" : fate == Fate::kRefused ? ", refused" : ", its answer lost";
  Tell("call ", call, ": ", server_->waiting().at(call).step, how);
  server_->Step(call, fate);
}

void World::Drain() {
  for (;;) {
    const auto& waiting = server_->waiting();
    const auto awake =
        std::find_if(waiting.begin(), waiting.end(), [](const auto& call) { return !call.second.asleep(); });
    if (awake == waiting.end()) return;
    StepCall(awake->first, Fate::kDone);
  }
}

void World::FinishCalls() {
  for (Drain(); !server_->waiting().empty(); Drain())
    StepCall(server_->waiting().begin()->first, Fate::kDone);
}

void World::Purge(int64_t who, int64_t how) {
  const UserId& user = crowd_->people()[crowd_->PersonOf(who)].user;
  const sync::Stamp through{laws_.HighWater(user).value - how % 60};
  if (through.value <= 0) return;
  Tell(user.value(), " is purged through ", through.value % 10'000'000);
  server_->Purge(user, through);
  laws_.Purged(user, through);
}

void World::RestoreBackup() {
  Tell("the backup is restored");
  clock_.AdvanceMillis(kHourMillis);
  server_->RestoreBackup();
  laws_.RestoredBackup();
  crowd_->ServiceWasRestored();
}

void World::Probe(int64_t which, int64_t how) {
  const int who = crowd_->PersonOf(which);
  crowd_->Probe(who, laws_.EtagOf(crowd_->people()[who].user), 1 + how % 5, how | 1);
}

void World::Wait(int64_t how) {
  Drain();
  clock_.AdvanceMillis(how % (12 * kHourMillis));
}

void World::Committed(CallId call, const UserId& user, const sync::PushLoad& load,
                      const sync::PushResult& result) {
  laws_.Committed(call, user, crowd_->RequestOf(call), load, result);
}

// ---- rest

void World::Settle() {
  Tell("all settles");
  FinishCalls();
  crowd_->HearAll();
  const auto& people = crowd_->people();
  constexpr int kRequestsMax = 2'000;
  for (int requests = 0;; ++requests) {
    const auto restless = std::find_if(people.begin(), people.end(),
                                       [&](const Crowd::Person& person) { return !AtRest(person); });
    if (laws_.breach()) return;
    if (restless == people.end()) break;
    if (requests == kRequestsMax) return laws_.Break("devices come to rest", restless->name + " does not");
    crowd_->SyncNow(static_cast<int>(restless - people.begin()), 1);
    FinishCalls();
    crowd_->HearAll();
  }
  CheckRest();
}

bool World::AtRest(const Crowd::Person& person) {
  const Memory& memory = person.device->memory();
  // Tasks without a cursor are its own, pushed before it has ever pulled.
  const bool has_pulled = memory.cursor.value > 0 || memory.tasks.alive().empty();
  return Crowd::IsQuiet(person) && has_pulled && memory.cursor == laws_.HighWater(person.user);
}

void World::CheckRest() {
  int maker = 0;
  for (const Crowd::Person& person : crowd_->people()) {
    laws_.CheckRest(person.user, server_->Everything(person.user));
    laws_.CheckRestOf(maker++, person.name, person.user, *person.device);
  }
}

template <typename... Parts>
void World::Tell(const Parts&... parts) {
  if (!trace_) return;
  *trace_ << step_ << "  ";
  (*trace_ << ... << parts) << "\n";
}

}  // namespace tidemark::simulation
