#include "tests/simulation/schedule.h"

#include <numeric>

#include "tests/simulation/dice.h"

namespace tidemark::simulation {
namespace {

struct Chance {
  EventKind kind;
  int weight;
};

constexpr Chance kChances[] = {
    {EventKind::kStep, 420},         {EventKind::kDeliver, 140},     {EventKind::kSend, 140},
    {EventKind::kAnswer, 110},       {EventKind::kEdit, 100},        {EventKind::kDuplicate, 12},
    {EventKind::kLoseRequest, 8},    {EventKind::kLoseAnswer, 14},   {EventKind::kGiveUp, 14},
    {EventKind::kCrashDevice, 8},    {EventKind::kCloneDevice, 2},   {EventKind::kRefuseStep, 6},
    {EventKind::kLoseStepAnswer, 6}, {EventKind::kCrashReplica, 4},  {EventKind::kFlushCache, 2},
    {EventKind::kProbe, 8},          {EventKind::kPurge, 3},         {EventKind::kWait, 4},
    {EventKind::kKeepBackup, 2},     {EventKind::kRestoreBackup, 1}, {EventKind::kSettle, 3},
};

EventKind Draw(Dice& dice) {
  static const int total = std::accumulate(std::begin(kChances), std::end(kChances), 0,
                                           [](int sum, const Chance& chance) { return sum + chance.weight; });
  int64_t left = dice.Below(total);
  for (const Chance& chance : kChances) {
    left -= chance.weight;
    if (left < 0) return chance.kind;
  }
  return EventKind::kStep;
}

}  // namespace

std::vector<Event> MakeSchedule(uint64_t seed, int steps) {
  Dice dice(seed);
  std::vector<Event> schedule;
  for (int step = 1; step < steps; ++step) {
    const EventKind kind = Draw(dice);
    const int64_t who = dice.Below(1 << 20);
    const int64_t how = dice.Below(int64_t{1} << 40);
    schedule.push_back({kind, who, how});
  }
  schedule.push_back({EventKind::kSettle, 0, 0});
  return schedule;
}

}  // namespace tidemark::simulation
