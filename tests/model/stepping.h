// What the steps of writers, readers and the world have in common.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "tests/model/key.h"
#include "tests/model/steps.h"

namespace tidemark::model {

// The steps that are possible in one state, as they are added.
class Stepping {
 public:
  Stepping(const State& now, Mistake mistake) : now_(now), mistake_(mistake) {}

  const State& now() const { return now_; }
  bool Has(Mistake mistake) const { return mistake_ == mistake; }
  std::vector<Step>& steps() { return steps_; }

  // A step that leaves all as it is; its `to` is to be changed before the next is added.
  Step& Add(std::string_view who, std::string_view what) {
    return steps_.emplace_back(Step{.who = who, .what = what, .to = now_, .answer = {}});
  }

  // What a process may read of the generation's row, and what it may have read just before.
  Reading Newest() const {
    return {.generation = now_.generation, .is_suspended = now_.suspension != Suspension::kOver};
  }
  Reading Old() const {
    return {.generation = static_cast<Small>(now_.generation - 1), .is_suspended = now_.was_suspended};
  }

  // The first that nobody knows of.
  Small FreeToken() const;

 private:
  const State& now_;
  const Mistake mistake_;
  std::vector<Step> steps_;
};

// Applies a rule of the cache: called with the key's content and whether it is warm.
template <typename Rule>
void Apply(State& state, Small generation, Rule rule) {
  Space& space = state.spaces[generation];
  sync::head_cache_rules::Content key = Unpack(space.key);
  rule(key, space.is_warm ? sync::head_cache_rules::Warmth::kWarm : sync::head_cache_rules::Warmth::kCold);
  space.key = Pack(key);
}

// Its push may still commit: what keeps it apart from the cache must not end before.
inline bool IsGuarded(const Writer& writer) {
  return writer.at == Writer::At::kToLock || writer.at == Writer::At::kLocked;
}

void AddWriterSteps(Stepping& stepping, std::size_t writer);
void AddReaderSteps(Stepping& stepping, std::size_t reader);
void AddWorldSteps(Stepping& stepping);

}  // namespace tidemark::model
