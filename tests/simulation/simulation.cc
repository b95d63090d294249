#include "tests/simulation/simulation.h"

#include <sstream>

#include "tests/simulation/schedule.h"
#include "tests/simulation/shrink.h"
#include "tests/simulation/world.h"

namespace tidemark::simulation {

std::optional<std::string> Simulate(uint64_t seed, int steps, MakeDisk make_disk) {
  const Setup setup{.seed = seed, .make_disk = make_disk};
  std::vector<Event> events = MakeSchedule(seed, steps);
  const std::optional<Failure> failure = World(seed, nullptr, make_disk).Play(events);
  if (!failure) return std::nullopt;
  events.resize(static_cast<std::size_t>(failure->step) + 1);
  const std::vector<Event> fewer = Shrink(setup, events, failure->breach.law);
  std::ostringstream report;
  report << "seed " << seed << ", step " << failure->step << ": " << failure->breach.law << ": "
         << failure->breach.what << "\nThe same with " << fewer.size() << " of " << events.size()
         << " events:\n"
         << Trace(setup, fewer);
  return report.str();
}

}  // namespace tidemark::simulation
