#include "tests/simulation/service_world.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "common/status/error.h"
#include "tests/simulation/say.h"

namespace tidemark::simulation {
namespace {

constexpr std::size_t kNotesKept = 150;
// What a replica that was killed may hold up the devices of the others.
constexpr absl::Duration kReplicaAwaited = absl::Milliseconds(5);
// Long enough for a service that is started again.
constexpr absl::Duration kRestlessMax = absl::Seconds(60);

bool HasPassed(CondVar::Deadline deadline) { return std::chrono::steady_clock::now() >= deadline; }

}  // namespace

ServiceWorld::ServiceWorld(uint64_t seed, std::vector<std::string> tokens, ServiceClient& client)
    : dice_(seed),
      client_(client),
      crowd_(
          laws_, clock_,
          [this](CallId call, const UserId& user, const Request& request, int64_t how) {
            Start(call, user, request, how);
          },
          [this](const UserId& user, const std::string& line) { Note(user, line); }) {
  int number = 0;
  for (std::string& token : tokens) {
    crowd_.AddUser(dice_, ++number);
    tokens_[crowd_.people().back().user] = std::move(token);
  }
}

void ServiceWorld::Play(const std::vector<Event>& events) {
  for (const Event& event : events) {
    if (breach()) return;
    ++counts_.events;
    Do(event);
  }
}

void ServiceWorld::Do(const Event& event) {
  TakeArrivals();
  switch (event.kind) {
    case EventKind::kAnswer:
    case EventKind::kLoseAnswer:
      if (!crowd_.HasAnswers() && crowd_.served() > 0) AwaitOne();
      return crowd_.Do(event);
    case EventKind::kProbe:
      return Probe(event.who, event.how);
    case EventKind::kSettle:
      return Settle();
    default:
      return crowd_.Do(event);
  }
}

void ServiceWorld::Probe(int64_t which, int64_t how) {
  const int who = crowd_.PersonOf(which);
  crowd_.Probe(who, laws_.EtagOf(crowd_.people()[who].user), 1 + how % 5, how);
}

// ---- the service

void ServiceWorld::Start(CallId call, const UserId& user, const Request& request, int64_t how) {
  ++counts_.calls;
  counts_.together = std::max(counts_.together, static_cast<int64_t>(crowd_.served()));
  client_.Start(call, how % client_.replicas(), TokenOf(user), request);
}

void ServiceWorld::TakeArrivals() {
  while (std::optional<ServiceClient::Arrival> arrival = client_.Poll()) Take(*std::move(arrival));
}

void ServiceWorld::AwaitOne() { Take(client_.Await()); }

void ServiceWorld::AwaitAll() {
  while (crowd_.served() > 0) AwaitOne();
}

void ServiceWorld::Take(ServiceClient::Arrival arrival) {
  if (const auto* status = std::get_if<absl::Status>(&arrival.answer)) NoteUnavailable(*status);
  crowd_.Answered(arrival.call, std::move(arrival.answer));
}

void ServiceWorld::NoteUnavailable(const absl::Status& status) {
  if (ErrorInfoOf(status).code != Code::kUnavailable) return;
  ++counts_.unavailable;
  client_.AwaitReplicas(kReplicaAwaited);
}

// ---- rest

// A push whose answer never came may still be stored: so a device that begins anew has the last word.
void ServiceWorld::Settle() {
  std::map<UserId, std::unique_ptr<ClientDevice>> anew;
  const auto at_rest = [this](const Crowd::Person& person) { return AtRest(person); };
  do {
    BringToRest();
    anew.clear();
    for (const auto& [user, token] : tokens_) {
      if (!breach()) anew.emplace(user, BeginAnew(user));
    }
  } while (!breach() && !std::all_of(crowd_.people().begin(), crowd_.people().end(), at_rest));
  for (const auto& [user, device] : anew) {
    if (!breach()) CheckRest(user, *device);
  }
  ++counts_.rests;
}

void ServiceWorld::BringToRest() {
  AwaitAll();
  crowd_.HearAll();
  const auto& people = crowd_.people();
  const CondVar::Deadline deadline = CondVar::In(kRestlessMax);
  while (!breach()) {
    const auto restless = std::find_if(people.begin(), people.end(),
                                       [this](const Crowd::Person& person) { return !AtRest(person); });
    if (restless == people.end()) return;
    if (HasPassed(deadline)) return laws_.Break("devices come to rest", restless->name + " does not");
    crowd_.SyncNow(static_cast<int>(restless - people.begin()), AnyReplica());
    AwaitAll();
    crowd_.HearAll();
  }
}

bool ServiceWorld::AtRest(const Crowd::Person& person) {
  return Crowd::IsQuiet(person) && person.device->memory().cursor == laws_.acknowledged(person.user);
}

std::unique_ptr<ClientDevice> ServiceWorld::BeginAnew(const UserId& user) {
  client::ExchangeOptions habits;
  habits.page_limit = static_cast<int>(1 + dice_.Below(5));
  auto device = std::make_unique<ClientDevice>("anew", habits, MakeMemoryDisk());
  const std::string name = user.value() + "/anew";
  const CondVar::Deadline deadline = CondVar::In(kRestlessMax);
  bool is_whole = false;
  while (!is_whole && !breach()) {
    const Request request = device->Start(dice_, clock_.Now(), true)->request;
    const CallId call = --last_own_call_;
    laws_.Asked(call, user);
    const Answer answer = client_.Ask(AnyReplica(), TokenOf(user), request);
    laws_.Answered(call, user, request, answer);
    Note(user, name + " asks: " + Say(request) + ", hears: " + Say(answer));
    if (const auto* status = std::get_if<absl::Status>(&answer)) NoteUnavailable(*status);
    const std::string complaint = device->Take(answer);
    if (!complaint.empty()) laws_.Break("answers can be taken", name + " " + complaint);
    if (HasPassed(deadline)) laws_.Break("devices come to rest", name + " does not");
    is_whole = std::holds_alternative<sync::SyncAnswer>(answer) && device->holds_a_state();
  }
  if (is_whole) laws_.EndedSeries(name, user, device->memory());
  return device;
}

void ServiceWorld::CheckRest(const UserId& user, const Device& anew) {
  std::map<int, OutsideLaws::Resting> devices;
  int maker = 0;
  for (const Crowd::Person& person : crowd_.people()) {
    if (person.user == user) devices[maker] = {person.name, person.device.get()};
    ++maker;
  }
  OutsideLaws::Histories histories;
  for (const TaskId& task : laws_.EditedTasks(user)) histories[task] = HistoryOf(user, task);
  laws_.CheckRest(user, devices, {.tasks = anew.memory().tasks, .histories = histories});
}

std::vector<sync::HistoryEntry> ServiceWorld::HistoryOf(const UserId& user, const TaskId& task) {
  const CondVar::Deadline deadline = CondVar::In(kRestlessMax);
  for (;;) {
    auto history = client_.GetHistory(AnyReplica(), TokenOf(user), task);
    if (history.ok()) return *std::move(history);
    NoteUnavailable(history.status());
    if (ErrorInfoOf(history.status()).code == Code::kUnavailable && !HasPassed(deadline)) continue;
    laws_.Break("answers can be taken",
                user.value() + ": the history of " + task.value() + ": " + history.status().ToString());
    return {};
  }
}

// ---- what is told

void ServiceWorld::Note(const UserId& user, const std::string& line) {
  std::deque<std::string>& notes = notes_[user];
  notes.push_back(std::to_string(counts_.events) + "  " + line);
  if (notes.size() > kNotesKept) notes.pop_front();
}

std::string ServiceWorld::Report() const {
  const std::string& what = breach()->what;
  const auto is_named = [&](const auto& entry) { return what.starts_with(entry.first.value()); };
  const bool names_somebody = std::any_of(notes_.begin(), notes_.end(), is_named);
  std::string report = breach()->law + ": " + what + "\n";
  for (const auto& entry : notes_) {
    if (names_somebody && !is_named(entry)) continue;
    report += "What happened last to " + entry.first.value() + ":\n";
    for (const std::string& line : entry.second) report += line + "\n";
  }
  return report;
}

}  // namespace tidemark::simulation
