#include "bench/fleet_day/fleet_day.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

#include "bench/users/failed.h"

namespace tidemark::fleet {
namespace {

using bench::Failed;
using ratelimit::DayCounts;
using ratelimit::Resource;

constexpr int64_t kDayMillis = int64_t{24} * 3'600'000;
constexpr int kWindowsOfDay = static_cast<int>(kDayMillis / kWindowMillis);
constexpr int kWindowsOfHour = 6;
// Beyond the week in which devices are heard of.
constexpr int64_t kBeforeMillis = 8 * kDayMillis;
// A window may ask for so many times as much as the busiest so far, without a budget's end being missed.
constexpr int64_t kBusierMost = 4;
// Of the people, a part that may ask in the first window at all.
constexpr int64_t kPeoplePerAsker = 10;
// When all are brought to rest: those who wait for midnight are back by then.
constexpr int64_t kRestAfterMillis = 3'600'000;
constexpr int kPreparation = 10;

DayCounts Minus(DayCounts a, const DayCounts& b) {
  for (const Resource resource : ratelimit::kResources) a[resource] -= b[resource];
  return a;
}

}  // namespace

DayCounts Totals::all() const {
  DayCounts all = sync;
  for (const Resource resource : ratelimit::kResources) all[resource] += auth[resource];
  return all;
}

Totals Totals::Since(const Totals& before) const {
  return {.lanes = lanes - before.lanes,
          .sync = Minus(sync, before.sync),
          .auth = Minus(auth, before.auth),
          .data_set_reads = data_set_reads - before.data_set_reads,
          .purge = {purge.reads - before.purge.reads, purge.writes - before.purge.writes}};
}

FleetDay::FleetDay(const Settings& settings, const Scenario& scenario, FleetDayOptions options)
    : settings_(settings),
      scenario_(scenario),
      options_(std::move(options)),
      begins_at_{settings.first_midnight.value - scenario.warm_up_days * kDayMillis},
      crowd_(settings, scenario.devices),
      database_(options_.postgres_url, settings, crowd_),
      services_(scenario, {.postgres_url = database_.service_url(),
                           .redis_url = options_.redis_url,
                           .begins_at = {begins_at_.value - kBeforeMillis}}),
      heard_(database_.owner_url(), begins_at_) {}

Result FleetDay::Run(const Progress& progress) {
  progress_ = progress;
  // Until the days that are counted nothing is bounded.
  const ratelimit::Budgets budgets = services_.limits().budgets;
  services_.SetBudgets({});
  Prepare();
  for (int day = 0; day < scenario_.warm_up_days; ++day) {
    RunDay({begins_at_.value + day * kDayMillis}, nullptr);
  }
  const Totals before = Count();
  Result result;
  for (int day = 0; day < scenario_.days; ++day) {
    ratelimit::Budgets of_day = budgets;
    if (day == 0 && scenario_.requests_per_user_on_first_day) {
      of_day[Resource::kRequests] = static_cast<int64_t>(*scenario_.requests_per_user_on_first_day *
                                                         static_cast<double>(settings_.users));
    }
    services_.SetBudgets(of_day);
    RunDay({settings_.first_midnight.value + day * kDayMillis}, &result.windows);
  }
  result.totals = Count().Since(before);
  result.edits_waiting = result.totals.lanes.queued;
  services_.SetBudgets({});
  const UnixMillis over{settings_.first_midnight.value + scenario_.days * kDayMillis};
  MoveTo(services_.clock(), over);
  services_.ShareCounts();
  InLanes([&](Lane& lane) { lane.BringToRest({over.value + kRestAfterMillis}); });
  // A failed request is a fault, on whichever day.
  result.totals.lanes.asked.errors = Count().lanes.asked.errors;
  for (const Person& person : crowd_.people()) {
    ++(person.active ? result.active_people : result.inactive_people);
    result.devices += person.devices;
  }
  result.judgement = Judge();
  progress_(1);
  return result;
}

// ---- before

void FleetDay::Prepare() {
  lanes_.resize(static_cast<std::size_t>(options_.lanes));
  for (int place = 0; place < options_.lanes; ++place) {
    lanes_[static_cast<std::size_t>(place)] =
        std::make_unique<Lane>(settings_, scenario_, crowd_, services_, place, options_.lanes);
  }
  InLanes([this](Lane& lane) { lane.HearOfAll(begins_at_); });
  Tell();
}

// ---- days

void FleetDay::RunDay(UnixMillis midnight, std::vector<Totals>* windows) {
  InLanes([midnight](Lane& lane) { lane.BeginDay(midnight); });
  Totals before = Count();
  for (int window = 0; window < kWindowsOfDay; ++window) {
    const UnixMillis begin{midnight.value + window * kWindowMillis};
    MoveTo(services_.clock(), begin);
    // At midnight the new day begins.
    services_.ShareCounts();
    if (window % kWindowsOfHour == 0) {
      heard_.NoteTombstones();
      services_.Purge();
    }
    RunWindow({begin.value + kWindowMillis});
    services_.ShareCounts();
    const Totals after = Count();
    const Totals used = after.Since(before);
    for (const Resource resource : ratelimit::kResources) {
      busiest_[resource] = std::max(busiest_[resource], used.all()[resource]);
    }
    if (windows != nullptr) windows->push_back(used);
    before = after;
    ++windows_done_;
    Tell();
  }
}

void FleetDay::RunWindow(UnixMillis end) {
  const auto state = [this] { return services_.sync_quota().quota().Look(); };
  if (IsNearAnEnd()) {
    TakeTurns(end);
    CountReadings();
    return;
  }
  const bool cache_was_off = state().cache_is_off;
  InLanes([end](Lane& lane) { lane.RunUntil(end); });
  CountReadings();
  if (state().state != ratelimit::QuotaState::kOpen || state().cache_is_off != cache_was_off) {
    throw Failed(
        "fleet: a budget ended in a window in which nobody watched it; the counts are not repeatable");
  }
}

void FleetDay::TakeTurns(UnixMillis end) {
  for (;;) {
    Lane* first = nullptr;
    UnixMillis at = end;
    for (const auto& lane : lanes_) {
      const std::optional<UnixMillis> next = lane->NextAt();
      if (!next || *next >= at) continue;
      first = lane.get();
      at = *next;
    }
    if (first == nullptr) return;
    // What was due before the window began is done at its beginning.
    if (at > services_.clock().Now()) MoveTo(services_.clock(), at);
    services_.TickQuotas();
    first->Step();
  }
}

bool FleetDay::IsNearAnEnd() {
  const ratelimit::Today today = services_.sync_quota().quota().Look();
  if (today.state != ratelimit::QuotaState::kOpen) return true;
  for (const Resource resource : ratelimit::kResources) {
    if (!today.budgets[resource]) continue;
    const bool is_cache = resource == Resource::kCacheReads || resource == Resource::kCacheWrites;
    if (is_cache && today.cache_is_off) continue;
    const int64_t budget = *today.budgets[resource];
    const int64_t ends_at = is_cache ? budget : budget * 9 / 10;
    const int64_t used = today.used[resource];
    const int64_t most = kBusierMost * busiest_[resource] + settings_.users / kPeoplePerAsker;
    if (used + most >= ends_at) return true;
  }
  return false;
}

void FleetDay::CountReadings() {
  std::vector<UnixMillis> requests;
  for (const auto& lane : lanes_) {
    const std::vector<UnixMillis> let_in = lane->TakeLetIn();
    requests.insert(requests.end(), let_in.begin(), let_in.end());
  }
  std::ranges::sort(requests);
  const int64_t readings = services_.DataSetReadings(requests);
  data_set_reads_ += readings;
  services_.sync_quota().quota().Count(Resource::kDatabaseReads, readings);
}

Totals FleetDay::Count() {
  Totals totals{.lanes = {},
                .sync = services_.sync_quota().told(),
                .auth = services_.auth_quota().told(),
                .data_set_reads = data_set_reads_,
                .purge = {services_.purge_reads(), services_.purge_writes()}};
  for (const auto& lane : lanes_) totals.lanes = totals.lanes + lane->counts();
  return totals;
}

// ---- after

Judgement FleetDay::Judge() {
  heard_.NoteAll();
  Judgement judgement{.conflicts = heard_.conflicts()};
  for (const auto& lane : lanes_) {
    for (const Lane::Life& life : lane->lives()) heard_.Judge(life, judgement);
  }
  return judgement;
}

void FleetDay::InLanes(const std::function<void(Lane&)>& work) {
  std::vector<std::thread> threads;
  std::vector<std::exception_ptr> thrown(lanes_.size());
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    threads.emplace_back([this, i, &work, &thrown] {
      try {
        work(*lanes_[i]);
      } catch (...) {
        thrown[i] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& one : thrown) {
    if (one) std::rethrow_exception(one);
  }
}

// Preparing and judging take about as long as some windows.
void FleetDay::Tell() {
  const int windows = (scenario_.warm_up_days + scenario_.days) * kWindowsOfDay;
  progress_(static_cast<double>(windows_done_ + kPreparation) / (windows + 2 * kPreparation));
}

}  // namespace tidemark::fleet
