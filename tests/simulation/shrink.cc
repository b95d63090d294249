#include "tests/simulation/shrink.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace tidemark::simulation {
namespace {

bool Breaks(const Setup& setup, const std::vector<Event>& events, const std::string& law) {
  const std::optional<Failure> failure = World(setup.seed, nullptr, setup.make_disk).Play(events);
  return failure && failure->breach.law == law;
}

}  // namespace

std::vector<Event> Shrink(const Setup& setup, std::vector<Event> events, const std::string& law) {
  for (std::size_t chunk = events.size() / 2; chunk > 0; chunk = std::min(chunk, events.size()) / 2) {
    for (bool shorter = true; shorter;) {
      shorter = false;
      for (std::size_t begin = 0; begin < events.size();) {
        std::vector<Event> fewer = events;
        const std::size_t end = std::min(begin + chunk, events.size());
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(begin),
                    fewer.begin() + static_cast<std::ptrdiff_t>(end));
        if (Breaks(setup, fewer, law)) {
          events = std::move(fewer);
          shorter = chunk == 1;
        } else {
          begin = end;
        }
      }
    }
  }
  return events;
}

std::string Trace(const Setup& setup, const std::vector<Event>& events) {
  std::ostringstream text;
  const std::optional<Failure> failure = World(setup.seed, &text, setup.make_disk).Play(events);
  if (failure) text << "BROKEN: " << failure->breach.law << ": " << failure->breach.what << "\n";
  return text.str();
}

}  // namespace tidemark::simulation
