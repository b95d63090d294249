// What can happen next: every step of every writer, reader and of the world around them.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "tests/model/mistakes.h"
#include "tests/model/state.h"

namespace tidemark::model {

// Given from the cache.
struct Answer {
  Small head = 0;
  // The newest that was committed when the request began.
  Small newest_at_begin = 0;
};

struct Step {
  // "writer 1", "cache", …
  std::string_view who;
  std::string_view what;
  State to;
  std::optional<Answer> answer = {};
};

std::vector<Step> StepsFrom(const State& state, Mistake mistake);

}  // namespace tidemark::model
