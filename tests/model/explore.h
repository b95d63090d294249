// All interleavings, breadth first: the first way to a broken law is a shortest one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/model/mistakes.h"
#include "tests/model/state.h"

namespace tidemark::model {

struct Counterexample {
  std::string_view law;
  // A line each: who does what, and how things are then.
  std::vector<std::string> steps;
};

std::string Format(const Counterexample& counterexample);

struct Exploration {
  std::int64_t states = 0;
  std::int64_t transitions = 0;
  // Nothing: no interleaving breaks a law.
  std::optional<Counterexample> broken;
};

Exploration Explore(const Budget& budget, Mistake mistake = Mistake::kNone);

}  // namespace tidemark::model
