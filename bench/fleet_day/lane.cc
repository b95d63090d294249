#include "bench/fleet_day/lane.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/seed/rows.h"
#include "bench/users/failed.h"
#include "common/status/error.h"
#include "services/sync/domain/etag.h"

namespace tidemark::fleet {
namespace {

using bench::Failed;

constexpr int64_t kWeekMillis = int64_t{7} * 24 * 3'600'000;
// A device that has not come to rest after so many runs never will.
constexpr int kRunsToRest = 100;

// Nobody shares a network, as a phone and a flat do not.
std::string AddressOf(const Person& person) {
  return absl::StrCat("10.", person.number >> 16 & 255, ".", person.number >> 8 & 255, ".",
                      person.number & 255);
}

}  // namespace

Lane::Lane(const Settings& settings, const Scenario& scenario, const Crowd& crowd, Services& services,
           int place, int of)
    : settings_(settings), scenario_(scenario), crowd_(crowd), replica_(services, place) {
  for (const Person& person : crowd.people()) {
    if (person.number % of != place) continue;
    Life& life = lives_.emplace_back();
    life.person = &person;
    for (int device = 0; device < person.devices; ++device) {
      const bool logs_in = device == 0 && person.number < settings.logins;
      life.devices.push_back(
          std::make_unique<Device>(settings, scenario, person, device, services.epoch(), logs_in));
    }
  }
}

// ---- before the first day

void Lane::HearOfAll(UnixMillis until) {
  struct Sight {
    UnixMillis at;
    const Person* person = nullptr;
    int device = 0;
  };
  std::vector<Sight> sights;
  for (const Life& life : lives_) {
    for (int device = 0; device < life.person->devices; ++device) {
      week::Dice dice(SeedOf(settings_.seed, life.person->number, Purpose::kNotedAt, device));
      sights.push_back({{until.value - 1 - dice.Below(kWeekMillis)}, life.person, device});
    }
  }
  std::ranges::sort(sights, {}, &Sight::at);
  for (const Sight& sight : sights) {
    MoveTo(replica_.clock(), sight.at);
    const bench::DeviceState held = bench::StateAfter(settings_.tasks.per_user, sight.person->edited_at);
    const absl::Status heard = RunBlocking<absl::Status>(replica_.loop(), [&]() -> Task<absl::Status> {
      sync::Call call{.user = sight.person->user, .limit = std::nullopt};
      if (scenario_.protocol == Speaks::kFinal) {
        const auto answer = co_await replica_.sync().Check(call, bench::EtagOf(held),
                                                           sync::Wildcard::kMatches, DeviceAt(sight.device));
        co_return answer.status();
      }
      sync::SyncV1Sink sink = [](sync::SyncV1Part) -> Task<absl::Status> { co_return absl::OkStatus(); };
      sync::SyncV1Request request{.last_sync = {held.cursor}, .changes = {}};
      co_return co_await replica_.sync().SyncV1(call, std::move(request), std::move(sink));
    });
    if (!heard.ok()) throw Failed(absl::StrCat("fleet: a device was not heard of: ", heard.message()));
  }
}

// ---- a day

void Lane::BeginDay(UnixMillis midnight) {
  acts_.erase(acts_.begin(), acts_.begin() + static_cast<std::ptrdiff_t>(next_act_));
  next_act_ = 0;
  int64_t order = 0;
  for (std::size_t life = 0; life < lives_.size(); ++life) {
    for (const week::Deed& deed : crowd_.DeedsOf(*lives_[life].person, midnight)) {
      acts_.push_back({deed.at, order++, life, deed.device, deed.what});
    }
  }
  std::ranges::sort(
      acts_, [](const Act& a, const Act& b) { return std::pair(a.at, a.order) < std::pair(b.at, b.order); });
}

std::optional<UnixMillis> Lane::NextAt() {
  std::optional<UnixMillis> next;
  if (const Wake* wake = NextWake()) next = wake->at;
  if (next_act_ < acts_.size() && (!next || acts_[next_act_].at <= *next)) next = acts_[next_act_].at;
  return next;
}

void Lane::Step() {
  const Wake* wake = NextWake();
  const bool acts = next_act_ < acts_.size() && (wake == nullptr || acts_[next_act_].at <= wake->at);
  if (acts) {
    Do(acts_[next_act_++]);
  } else if (wake != nullptr) {
    const Wake due = *wake;
    wakes_.pop();
    Wakes(due);
  }
}

void Lane::RunUntil(UnixMillis end) {
  for (std::optional<UnixMillis> next = NextAt(); next && *next < end; next = NextAt()) Step();
}

const Lane::Wake* Lane::NextWake() {
  while (!wakes_.empty()) {
    const Wake& wake = wakes_.top();
    const std::optional<client::Due> due = lives_[wake.life].devices[wake.device]->Next();
    // What is due later has a wake of its own.
    if (due && due->at <= wake.at) return &wake;
    wakes_.pop();
  }
  return nullptr;
}

void Lane::Do(const Act& act) {
  Life& life = lives_[act.life];
  Device& device = *life.devices[act.device];
  MoveTo(replica_.clock(), act.at);
  const int64_t pending = device.pending();
  switch (act.what) {
    case week::Doing::kSwitchesOn:
      device.SwitchOn(act.at);
      break;
    case week::Doing::kSwitchesOff:
      device.SwitchOff();
      break;
    case week::Doing::kStarts:
      device.Start(act.at);
      break;
    case week::Doing::kLeaves:
      device.Leave(act.at);
      break;
    case week::Doing::kEdits:
      device.Edit(life.edits, act.at);
      ++counts_.edits;
      break;
  }
  counts_.queued += device.pending() - pending;
  Plan(act.life, act.device);
}

void Lane::Wakes(const Wake& wake) {
  Device& device = *lives_[wake.life].devices[wake.device];
  MoveTo(replica_.clock(), wake.at);
  const int64_t pending = device.pending();
  Note(device.person(), device.Run(*device.Next(), LineOf(device.person())));
  counts_.queued += device.pending() - pending;
  Plan(wake.life, wake.device);
}

void Lane::Note(const Person& person, const RunOutcome& outcome) {
  if (!outcome.ran) return;
  const client::RunReport& report = outcome.report;
  if (report.answers == 0) return;
  ++(person.active ? counts_.syncs_active : counts_.syncs_inactive);
  counts_.syncs_not_modified += report.end.not_modified ? 1 : 0;
  counts_.deferred_pulls += report.end.how == client::RunEnd::How::kDeferred ? 1 : 0;
}

void Lane::Plan(std::size_t life, int device) {
  const std::optional<client::Due> due = lives_[life].devices[device]->Next();
  if (due) wakes_.push({std::max(due->at, replica_.clock().Now()), life, device});
}

Line Lane::LineOf(const Person& person) {
  transport_.SpeakFor(AddressOf(person));
  return {transport_, gate_, replica_.clock()};
}

LaneCounts Lane::counts() const {
  LaneCounts counts = counts_;
  counts.asked = transport_.counts();
  counts.head_cache_hits = replica_.heads().hits();
  counts.head_cache_misses = replica_.heads().misses();
  return counts;
}

// ---- after the last day

// All of a person's devices send, then all pull: what the last one has sent, the first has not seen. Where
// nothing waits at the only one, it has pulled all that there is.
void Lane::BringToRest(UnixMillis begin) {
  if (replica_.clock().Now() < begin) MoveTo(replica_.clock(), begin);
  for (const Life& life : lives_) {
    if (life.devices.size() == 1 && life.devices.front()->pending() == 0) continue;
    for (int round = 0; round < 2; ++round) {
      for (const std::unique_ptr<Device>& device : life.devices) Settle(*device);
    }
  }
}

void Lane::Settle(Device& device) {
  for (int runs = 0; runs < kRunsToRest; ++runs) {
    const int64_t pending = device.pending();
    const RunOutcome outcome = device.RunNow(LineOf(device.person()));
    counts_.queued += device.pending() - pending;
    if (!outcome.ran) throw Failed("fleet: a device has no token any more");
    const client::RunEnd& end = outcome.report.end;
    if (end.how == client::RunEnd::How::kComplete && device.pending() == 0) return;
    std::optional<absl::Duration> wait = end.retry_after;
    if (end.how == client::RunEnd::How::kFailed) wait = ErrorInfoOf(end.error).details.retry_after;
    replica_.clock().AdvanceMillis(absl::ToInt64Milliseconds(wait.value_or(absl::Minutes(1))));
  }
  throw Failed("fleet: a device does not come to rest");
}

}  // namespace tidemark::fleet
