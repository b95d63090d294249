// What holds in every state that can be reached.
#pragma once

#include <string_view>

#include "tests/model/state.h"
#include "tests/model/steps.h"

namespace tidemark::model {

// The law that this step breaks; empty: none. `budget`: as it was at the beginning.
std::string_view BrokenBy(const State& from, const Step& step, const Budget& budget, Mistake mistake);

}  // namespace tidemark::model
