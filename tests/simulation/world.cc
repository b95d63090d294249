#include "tests/simulation/world.h"

#include <algorithm>
#include <utility>

#include "services/sync/domain/etag.h"
#include "tests/simulation/final_device.h"
#include "tests/simulation/v1_device.h"

namespace tidemark::simulation {
namespace {

constexpr UnixMillis kStart{1'735'689'600'000};
constexpr int64_t kHourMillis = 60 * 60 * 1000;
constexpr int64_t kSkewMax = 3 * 24 * kHourMillis;

std::string Say(const Request& request) {
  if (std::get_if<CheckRequest>(&request)) return "check";
  std::string text;
  const auto* sync = std::get_if<sync::SyncRequest>(&request);
  const auto& v1 = sync ? sync::SyncV1Request() : std::get<sync::SyncV1Request>(request);
  if (sync) {
    text = "sync after " + std::to_string(sync->last_sync.value % 10'000'000);
    if (sync->page) text += " next page";
    if (sync->limit < 1000) text += " limit " + std::to_string(sync->limit);
  } else {
    text = "v1 sync after " + std::to_string(v1.last_sync.value % 10'000'000);
  }
  for (const sync::Change& change : sync ? sync->changes : v1.changes) {
    text += "; " + (change.mutation ? "#" + std::to_string(change.mutation->value) + " " : std::string()) +
            change.id.value() + " v" + std::to_string(change.version.value) + SayFields(change.fields);
  }
  return text;
}

std::string SayUpdates(const std::vector<sync::TaskUpdate>& updates) {
  std::string text;
  for (const sync::TaskUpdate& update : updates) {
    text += "; " + update.id.value() + " v" + std::to_string(update.version.value) + SayFields(update.fields);
  }
  return text;
}

std::string Say(const Answer& answer) {
  if (const auto* status = std::get_if<absl::Status>(&answer)) return std::string(status->message());
  if (const auto* check = std::get_if<sync::CheckAnswer>(&answer)) {
    return (check->not_modified ? "304 " : "200 ") + sync::FormatEtag(check->head);
  }
  if (const auto* v1 = std::get_if<V1Answer>(&answer)) {
    return "v1 through " + std::to_string(v1->server_time.value % 10'000'000) + SayUpdates(v1->updates);
  }
  const auto& sync = std::get<sync::SyncAnswer>(answer);
  std::string text = "through " + std::to_string(sync.server_time.value % 10'000'000);
  if (sync.full_resync) text += *sync.full_resync == sync::Resync::kPurged ? " (purged)" : " (rewound)";
  if (sync.page) text += " (more)";
  if (sync.pull_deferred) text += " (deferred)";
  text += SayUpdates(sync.updates);
  for (const TaskId& id : sync.deleted) text += "; " + id.value() + " deleted";
  for (const sync::Conflict& conflict : sync.conflicts) {
    text += "; conflict on " + conflict.id.value() + " at " + std::to_string(conflict.at.value % 10'000'000);
  }
  for (const sync::Rejection& rejection : sync.rejected)
    text += "; " + rejection.id.value() + " " + rejection.code;
  return text;
}

// Chosen by a number that may be larger than there are.
template <typename T>
std::size_t Pick(const std::vector<T>& from, int64_t which) {
  return static_cast<std::size_t>(which) % from.size();
}

}  // namespace

World::World(uint64_t seed, std::ostream* trace) : clock_(kStart), trace_(trace) {
  CommitWatcher& watcher = *this;
  server_ = std::make_unique<Server>(
      clock_, watcher, [this](CallId call, Answer answer) { Answered(call, std::move(answer)); });
  Dice dice(seed);
  const int64_t users = 1 + dice.Below(2);
  for (int number = 1; number <= users; ++number) AddUser(dice, number);
}

void World::AddUser(Dice& dice, int number) {
  const std::string user = "u" + std::to_string(number);
  const auto add = [&](const std::string& name, std::unique_ptr<Device> device) {
    const int64_t skew = dice.OneIn(2) ? 0 : dice.Below(2 * kSkewMax) - kSkewMax;
    people_.push_back({user + "/" + name, UserId(user), std::move(device), skew, 0});
  };
  const int64_t devices = 2 + dice.Below(3);
  for (int64_t i = 0; i < devices; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    const FinalHabits habits{.tells_time = dice.OneIn(2),
                             .replaces = dice.OneIn(2),
                             .page_limit = 1 + dice.Below(5),
                             .batch = 1 + dice.Below(3)};
    add(name, std::make_unique<FinalDevice>(name, habits));
  }
  if (dice.OneIn(2)) add("v1", std::make_unique<V1Device>(DeviceId("old")));
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
  const int who = static_cast<int>(event.who % static_cast<int64_t>(people_.size()));
  switch (event.kind) {
    case EventKind::kEdit:
      return Edit(who, event.how);
    case EventKind::kSend:
      return Send(who, event.how, false);
    case EventKind::kGiveUp:
      return GiveUp(who);
    case EventKind::kCrashDevice:
      Tell(people_[who].name, " crashes");
      GiveUp(who);
      if (!people_[who].device->waiting()) people_[who].device->Crash();
      return;
    case EventKind::kCloneDevice:
      return Clone(who);
    case EventKind::kDeliver:
      return Deliver(event.who, event.how, false);
    case EventKind::kDuplicate:
      return Deliver(event.who, event.how, true);
    case EventKind::kLoseRequest:
      return LoseRequest(event.who);
    case EventKind::kAnswer:
      return HearAnswer(event.who, false);
    case EventKind::kLoseAnswer:
      return HearAnswer(event.who, true);
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
      return Purge(who, event.how);
    case EventKind::kKeepBackup:
      Tell("a backup is made");
      server_->KeepBackup();
      return laws_.KeptBackup();
    case EventKind::kRestoreBackup:
      return RestoreBackup();
    case EventKind::kProbe:
      return Probe(who, event.how);
    case EventKind::kWait:
      return Wait(event.how);
    case EventKind::kSettle:
      return Settle();
  }
}

// ---- devices

UnixMillis World::TimeOf(const Person& person) {
  int64_t time = clock_.Now().value + person.skew;
  while (!used_times_.insert(time).second) ++time;
  return {time};
}

void World::Edit(int who, int64_t how) {
  Person& person = people_[who];
  Dice dice(static_cast<uint64_t>(how));
  const std::string content = person.name + "-" + std::to_string(++last_content_);
  const std::string what = person.device->Edit(dice, TimeOf(person), content);
  if (!what.empty()) Tell(person.name, " edits ", what);
}

void World::Send(int who, int64_t how, bool calm) {
  Person& person = people_[who];
  Dice dice(static_cast<uint64_t>(how));
  std::optional<Outgoing> outgoing = person.device->Start(dice, {clock_.Now().value + person.skew}, calm);
  if (!outgoing) return;
  person.ticket = ++last_ticket_;
  laws_.Sent(who, person.user, outgoing->edits);
  Tell(person.name, " sends ", person.ticket, ": ", Say(outgoing->request));
  requests_.push_back({person.ticket, who, std::move(outgoing->request)});
}

// A device without numbers gives up only what can no longer arrive.
void World::GiveUp(int who) {
  Person& person = people_[who];
  if (!person.device->waiting()) return;
  if (!person.device->numbers_changes()) {
    if (std::any_of(served_.begin(), served_.end(),
                    [&](const auto& call) { return call.second.ticket == person.ticket; })) {
      return;
    }
    ForgetTicket(person.ticket);
  }
  Tell(person.name, " gives up ", person.ticket);
  person.device->GiveUp();
}

void World::Clone(int who) {
  const std::string letter(1, static_cast<char>('a' + people_.size()));
  std::unique_ptr<Device> clone = people_[who].device->Clone("clone-" + letter);
  const auto same_user = std::count_if(people_.begin(), people_.end(),
                                       [&](const Person& p) { return p.user == people_[who].user; });
  if (!clone || same_user >= 6) return;
  const std::string name = people_[who].user.value() + "/clone-" + letter;
  Tell(people_[who].name, " is cloned: ", name);
  people_.push_back({name, people_[who].user, std::move(clone), people_[who].skew, 0});
}

void World::Take(const Reply& reply) {
  Person& person = people_[reply.maker];
  if (!person.device->waiting() || person.ticket != reply.ticket) return;
  const bool failed = std::holds_alternative<absl::Status>(reply.answer);
  const bool check = std::holds_alternative<sync::CheckAnswer>(reply.answer);
  Tell(person.name, " hears ", reply.ticket, ": ", Say(reply.answer));
  const std::string complaint = person.device->Take(reply.answer);
  if (!complaint.empty()) laws_.Break("answers can be taken", person.name + " " + complaint);
  if (!person.device->numbers_changes()) ForgetTicket(reply.ticket);
  const auto* sync = std::get_if<sync::SyncAnswer>(&reply.answer);
  const bool ended = !failed && !check && !(sync && (sync->page || !sync->head));
  if (ended) laws_.EndedSeries(person.name, person.user, person.device->memory());
}

// ---- the network

void World::Deliver(int64_t which, int64_t how, bool keep_copy) {
  if (requests_.empty()) return;
  const std::size_t index = Pick(requests_, which);
  const Message message = requests_[index];
  if (!keep_copy) requests_.erase(requests_.begin() + static_cast<std::ptrdiff_t>(index));
  Serve(message, how);
}

void World::LoseRequest(int64_t which) {
  if (requests_.empty()) return;
  const auto lost = requests_.begin() + static_cast<std::ptrdiff_t>(Pick(requests_, which));
  Tell(lost->ticket, " is lost");
  requests_.erase(lost);
}

void World::HearAnswer(int64_t which, bool lost) {
  if (answers_.empty()) return;
  const auto index = answers_.begin() + static_cast<std::ptrdiff_t>(Pick(answers_, which));
  const Reply reply = std::move(*index);
  answers_.erase(index);
  if (lost) return Tell("the answer to ", reply.ticket, " is lost");
  Take(reply);
}

bool World::IsUnderWay(int64_t ticket) const {
  const auto is_it = [&](const auto& thing) { return thing.ticket == ticket; };
  return std::any_of(requests_.begin(), requests_.end(), is_it) ||
         std::any_of(answers_.begin(), answers_.end(), is_it);
}

void World::ForgetTicket(int64_t ticket) {
  const auto is_it = [&](const auto& thing) { return thing.ticket == ticket; };
  std::erase_if(requests_, is_it);
  std::erase_if(answers_, is_it);
}

// ---- the service

void World::Serve(const Message& message, int64_t how) {
  const Person& person = people_[message.maker];
  const auto* sync = std::get_if<sync::SyncRequest>(&message.request);
  const bool sync_is_empty = sync && !sync->changes.empty() && how % 8 == 0;
  const CallId call = ++last_call_;
  Tell(message.ticket, " arrives as call ", call);
  served_[call] = message;
  laws_.Asked(call, person.user);
  server_->Start(call, static_cast<int>(how % kReplicas), person.user, message.request, sync_is_empty);
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

void World::Purge(int who, int64_t how) {
  const UserId& user = people_[who].user;
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
  served_.clear();
  answers_.clear();
  laws_.RestoredBackup();
  for (Person& person : people_) {
    person.device->ServiceWasRestored();
    if (!person.device->numbers_changes()) ForgetTicket(person.ticket);
  }
}

// An ETag that is newer than the cursor sent with it: no change must not move the cursor.
void World::Probe(int who, int64_t how) {
  const Person& person = people_[who];
  const sync::Stamp cursor = person.device->memory().cursor;
  if (cursor.value == 0) return;
  sync::SyncRequest request;
  request.last_sync = cursor;
  request.limit = 1 + how % 5;
  request.if_none_match = laws_.EtagOf(person.user);
  Tell("a probe: ", Say(Request(request)));
  Serve({++last_ticket_, who, request}, how | 1);
}

void World::Wait(int64_t how) {
  Drain();
  clock_.AdvanceMillis(how % (12 * kHourMillis));
}

void World::Committed(CallId call, const UserId& user, const sync::PushLoad& load,
                      const sync::PushResult& result) {
  laws_.Committed(call, user, served_.at(call).request, load, result);
}

void World::Answered(CallId call, Answer answer) {
  const auto served = served_.extract(call);
  const Message& message = served.mapped();
  laws_.Answered(call, people_[message.maker].user, message.request, answer);
  answers_.push_back({message.ticket, message.maker, std::move(answer)});
}

// ---- rest

void World::Settle() {
  Tell("all settles");
  FinishCalls();
  while (!answers_.empty()) HearAnswer(0, false);
  constexpr int kRequestsMax = 2'000;
  for (int requests = 0;; ++requests) {
    const auto restless =
        std::find_if(people_.begin(), people_.end(), [&](const Person& person) { return !AtRest(person); });
    if (laws_.breach()) return;
    if (restless == people_.end()) break;
    if (requests == kRequestsMax) return laws_.Break("devices come to rest", restless->name + " does not");
    SyncOnce(static_cast<int>(restless - people_.begin()));
  }
  CheckRest();
}

bool World::AtRest(const Person& person) {
  return !person.device->waiting() && !person.device->has_pending() && person.device->holds_a_state() &&
         person.device->memory().cursor == laws_.HighWater(person.user);
}

void World::SyncOnce(int who) {
  Person& person = people_[who];
  if (person.device->waiting()) {
    // Lost on the way; a copy may still arrive one day.
    if (!person.device->numbers_changes()) ForgetTicket(person.ticket);
    person.device->GiveUp();
  }
  Send(who, 0, true);
  const Message message = requests_.back();
  requests_.pop_back();
  Serve(message, 1);
  FinishCalls();
  while (!answers_.empty()) HearAnswer(0, false);
}

void World::CheckRest() {
  for (std::size_t who = 0; who < people_.size(); ++who) {
    const Person& person = people_[who];
    laws_.CheckRest(person.user, server_->Everything(person.user));
    laws_.CheckRestOf(static_cast<int>(who), person.name, person.user, *person.device);
  }
}

template <typename... Parts>
void World::Tell(const Parts&... parts) {
  if (!trace_) return;
  *trace_ << step_ << "  ";
  (*trace_ << ... << parts) << "\n";
}

}  // namespace tidemark::simulation
