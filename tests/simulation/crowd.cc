#include "tests/simulation/crowd.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "tests/simulation/say.h"
#include "tests/simulation/v1_device.h"

namespace tidemark::simulation {
namespace {

constexpr int64_t kSkewMax = int64_t{3} * 24 * 60 * 60 * 1000;

// Chosen by a number that may be larger than there are.
template <typename T>
std::size_t Pick(const std::vector<T>& from, int64_t which) {
  return static_cast<std::size_t>(which) % from.size();
}

}  // namespace

void Crowd::AddUser(Dice& dice, int number) {
  const std::string user = "u" + std::to_string(number);
  const auto add = [&](const std::string& name, std::unique_ptr<Device> device) {
    const int64_t skew = dice.OneIn(2) ? 0 : dice.Below(2 * kSkewMax) - kSkewMax;
    people_.push_back({user + "/" + name, UserId(user), std::move(device), skew, 0});
  };
  const int64_t devices = 2 + dice.Below(3);
  for (int64_t i = 0; i < devices; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    client::ExchangeOptions habits;
    habits.page_limit = static_cast<int>(1 + dice.Below(5));
    habits.batch_max = static_cast<int>(1 + dice.Below(4));
    habits.tells_time = dice.OneIn(2);
    add(name, std::make_unique<ClientDevice>(name, habits, make_disk_()));
  }
  if (dice.OneIn(2)) add("v1", std::make_unique<V1Device>(DeviceId("old")));
}

void Crowd::Do(const Event& event) {
  const int who = PersonOf(event.who);
  switch (event.kind) {
    case EventKind::kEdit:
      return Edit(who, event.how);
    case EventKind::kSend:
      return Send(who, event.how, false);
    case EventKind::kGiveUp:
      return GiveUp(who);
    case EventKind::kCrashDevice:
      return Crash(who);
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
    default:
      return;
  }
}

// ---- devices

UnixMillis Crowd::TimeOf(const Person& person) {
  int64_t time = clock_.Now().value + person.skew;
  while (!used_times_.insert(time).second) ++time;
  return {time};
}

void Crowd::Edit(int who, int64_t how) {
  Person& person = people_[who];
  Dice dice(static_cast<uint64_t>(how));
  const std::string content = person.name + "-" + std::to_string(++last_content_);
  const std::string what = person.device->Edit(dice, TimeOf(person), content);
  if (!what.empty()) Tell(person.user, person.name, " edits ", what);
}

void Crowd::Send(int who, int64_t how, bool calm) {
  Person& person = people_[who];
  Dice dice(static_cast<uint64_t>(how));
  std::optional<Outgoing> outgoing = person.device->Start(dice, {clock_.Now().value + person.skew}, calm);
  if (!outgoing) return;
  person.ticket = ++last_ticket_;
  judge_.Sent(who, person.user, outgoing->edits);
  Tell(person.user, person.name, " sends ", person.ticket, ": ", Say(outgoing->request));
  requests_.push_back({person.ticket, who, std::move(outgoing->request)});
}

// A device without numbers gives up only what can no longer arrive.
void Crowd::GiveUp(int who) {
  Person& person = people_[who];
  if (!person.device->waiting()) return;
  if (!person.device->numbers_changes()) {
    if (std::any_of(served_.begin(), served_.end(),
                    [&](const auto& call) { return call.second.ticket == person.ticket; })) {
      return;
    }
    ForgetTicket(person.ticket);
  }
  Tell(person.user, person.name, " gives up ", person.ticket);
  person.device->GiveUp();
}

void Crowd::Crash(int who) {
  Tell(people_[who].user, people_[who].name, " crashes");
  GiveUp(who);
  if (!people_[who].device->waiting()) people_[who].device->Crash();
}

void Crowd::Clone(int who) {
  const std::string letter(1, static_cast<char>('a' + people_.size()));
  std::unique_ptr<Device> clone = people_[who].device->Clone("clone-" + letter);
  const auto same_user = std::count_if(people_.begin(), people_.end(),
                                       [&](const Person& p) { return p.user == people_[who].user; });
  if (!clone || same_user >= 6) return;
  const std::string name = people_[who].user.value() + "/clone-" + letter;
  Tell(people_[who].user, people_[who].name, " is cloned: ", name);
  people_.push_back({name, people_[who].user, std::move(clone), people_[who].skew, 0});
}

void Crowd::Take(const Reply& reply) {
  Person& person = people_[reply.maker];
  if (!person.device->waiting() || person.ticket != reply.ticket) return;
  const bool failed = std::holds_alternative<absl::Status>(reply.answer);
  const bool check = std::holds_alternative<sync::CheckAnswer>(reply.answer);
  Tell(person.user, person.name, " hears ", reply.ticket, ": ", Say(reply.answer));
  const std::string complaint = person.device->Take(reply.answer);
  if (!complaint.empty()) judge_.Break("answers can be taken", person.name + " " + complaint);
  if (!person.device->numbers_changes()) ForgetTicket(reply.ticket);
  const auto* sync = std::get_if<sync::SyncAnswer>(&reply.answer);
  const bool ended = !failed && !check && !(sync && (sync->page || !sync->head));
  if (ended) judge_.EndedSeries(person.name, person.user, person.device->memory());
}

bool Crowd::IsQuiet(const Person& person) {
  const Device& device = *person.device;
  return !device.waiting() && !device.has_pending() && device.holds_a_state();
}

void Crowd::SyncNow(int who, int64_t how) {
  Person& person = people_[who];
  if (person.device->waiting()) {
    // Lost on the way; a copy may still arrive one day.
    if (!person.device->numbers_changes()) ForgetTicket(person.ticket);
    person.device->GiveUp();
  }
  Send(who, 0, true);
  const Message message = requests_.back();
  requests_.pop_back();
  Start(message, how);
}

void Crowd::ServiceWasRestored() {
  served_.clear();
  answers_.clear();
  for (Person& person : people_) {
    person.device->ServiceWasRestored();
    if (!person.device->numbers_changes()) ForgetTicket(person.ticket);
  }
}

// ---- the network

void Crowd::Deliver(int64_t which, int64_t how, bool keep_copy) {
  if (requests_.empty()) return;
  const std::size_t index = Pick(requests_, which);
  const Message message = requests_[index];
  if (!keep_copy) requests_.erase(requests_.begin() + static_cast<std::ptrdiff_t>(index));
  Start(message, how);
}

void Crowd::LoseRequest(int64_t which) {
  if (requests_.empty()) return;
  const auto lost = requests_.begin() + static_cast<std::ptrdiff_t>(Pick(requests_, which));
  Tell(people_[lost->maker].user, lost->ticket, " is lost");
  requests_.erase(lost);
}

void Crowd::HearAnswer(int64_t which, bool lost) {
  if (answers_.empty()) return;
  const auto index = answers_.begin() + static_cast<std::ptrdiff_t>(Pick(answers_, which));
  const Reply reply = std::move(*index);
  answers_.erase(index);
  if (lost) return Tell(people_[reply.maker].user, "the answer to ", reply.ticket, " is lost");
  Take(reply);
}

void Crowd::HearAll() {
  while (!answers_.empty()) HearAnswer(0, false);
}

void Crowd::ForgetTicket(int64_t ticket) {
  const auto is_it = [&](const auto& thing) { return thing.ticket == ticket; };
  std::erase_if(requests_, is_it);
  std::erase_if(answers_, is_it);
}

// ---- the service

void Crowd::Start(const Message& message, int64_t how) {
  const UserId& user = people_[message.maker].user;
  const CallId call = ++last_call_;
  Tell(user, message.ticket, " arrives as call ", call);
  served_[call] = message;
  judge_.Asked(call, user);
  serve_(call, user, message.request, how);
}

void Crowd::Answered(CallId call, Answer answer) {
  const auto served = served_.extract(call);
  const Message& message = served.mapped();
  judge_.Answered(call, people_[message.maker].user, message.request, answer);
  answers_.push_back({message.ticket, message.maker, std::move(answer)});
}

void Crowd::Probe(int who, const std::string& etag, int64_t limit, int64_t how) {
  const Person& person = people_[who];
  const sync::Stamp cursor = person.device->memory().cursor;
  if (cursor.value == 0) return;
  sync::SyncRequest request;
  request.last_sync = cursor;
  request.limit = limit;
  request.if_none_match = etag;
  Tell(person.user, "a probe: ", Say(Request(request)));
  Start({++last_ticket_, who, request}, how);
}

template <typename... Parts>
void Crowd::Tell(const UserId& user, const Parts&... parts) {
  if (!trace_) return;
  std::ostringstream line;
  (line << ... << parts);
  trace_(user, line.str());
}

}  // namespace tidemark::simulation
