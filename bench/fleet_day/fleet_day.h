// A scenario, from the people who wake up to what has become of their edits.
//
//   FleetDay day(settings, settings.scenarios.at("final"), {.postgres_url = …, .redis_url = …});
//   const Result result = day.Run([](double done) { … });
//
// Virtual time goes on in windows of ten minutes. In each, the lanes run side by side: whatever one person
// meets does not depend on another, so it does not matter who comes first in real time, and the same seed
// gives the same counts. What all share is the day's quota; near the end of a budget, where it matters who
// comes first, the lanes take turns, one event at a time in the order of virtual time.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/fleet_day/database.h"
#include "bench/fleet_day/judgement.h"
#include "bench/fleet_day/lane.h"
#include "bench/fleet_day/people.h"
#include "bench/fleet_day/services.h"
#include "bench/fleet_day/settings.h"

namespace tidemark::fleet {

inline constexpr int64_t kWindowMillis = 600'000;

struct FleetDayOptions {
  // A superuser of a PostgreSQL that nobody else uses, and a Redis that is emptied.
  std::string postgres_url;
  std::string redis_url;
  int lanes = 8;
};

// By whom statements were sent.
struct Statements {
  int64_t reads = 0;
  int64_t writes = 0;
};

// What was counted, of days or of a window of them.
struct Totals {
  LaneCounts lanes;
  // By the services, for the day's quota.
  ratelimit::DayCounts sync;
  ratelimit::DayCounts auth;
  // Of sync's: the data set's row, and the purge.
  int64_t data_set_reads = 0;
  Statements purge;

  ratelimit::DayCounts all() const;
  // Without what was counted up to then.
  Totals Since(const Totals& before) const;
};

struct Result {
  Totals totals;
  // A window each.
  std::vector<Totals> windows;
  int64_t active_people = 0;
  int64_t inactive_people = 0;
  int64_t devices = 0;
  // Edits that waited when the last day was over.
  int64_t edits_waiting = 0;
  Judgement judgement;
};

class FleetDay {
 public:
  using Progress = std::function<void(double done)>;

  // All outlive this.
  FleetDay(const Settings& settings, const Scenario& scenario, FleetDayOptions options);

  // Once. Throws Failed.
  Result Run(const Progress& progress);

 private:
  void Prepare();
  // Calls `work` for each lane, side by side.
  void InLanes(const std::function<void(Lane&)>& work);
  void RunDay(UnixMillis midnight, std::vector<Totals>* windows);
  void RunWindow(UnixMillis end);
  void TakeTurns(UnixMillis end);
  // Whether a budget may end before the window does.
  bool IsNearAnEnd();
  void CountReadings();
  Totals Count();
  Judgement Judge();
  void Tell();

  const Settings& settings_;
  const Scenario& scenario_;
  const FleetDayOptions options_;
  const UnixMillis begins_at_;
  const Crowd crowd_;
  Database database_;
  Services services_;
  Heard heard_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  int64_t data_set_reads_ = 0;
  // The most that a window has used.
  ratelimit::DayCounts busiest_;
  int windows_done_ = 0;
  Progress progress_;
};

}  // namespace tidemark::fleet
