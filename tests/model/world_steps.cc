// What happens to the cache and to the generation's row by itself. Time is what may not happen before
// something else: each guard here is a duration of the code that is longer than another.
#include <algorithm>

#include "tests/model/stepping.h"

namespace tidemark::model {
namespace {

template <typename Condition>
bool NoWriter(const State& state, Condition condition) {
  return std::ranges::none_of(state.writers, condition);
}

// A fence stands for longer than a push takes, of whoever put it last.
bool MayExpire(const Stepping& stepping, const Key& key) {
  if (key.kind != Key::Kind::kFence || stepping.Has(Mistake::kFenceForLessThanAPush)) return true;
  return NoWriter(stepping.now(), [&](const Writer& writer) {
    return IsGuarded(writer) && writer.fence && (key.tokens >> (writer.fence - 1) & 1U);
  });
}

// A lost cache is cold for longer than a push takes.
bool MayBeWarm(const Stepping& stepping, Small generation) {
  if (stepping.Has(Mistake::kColdForGood)) return false;
  if (stepping.Has(Mistake::kColdForLessThanAPush)) return true;
  return NoWriter(stepping.now(), [&](const Writer& writer) {
    return IsGuarded(writer) && writer.fence_lost && writer.reading.generation == generation;
  });
}

// Whoever goes by it has seen that it is longer than a push; and so it is for a push that had locked the head
// before the generation was raised.
bool SuspensionMayEnd(const Stepping& stepping) {
  if (stepping.Has(Mistake::kSuspendedForLessThanAPush)) return true;
  return NoWriter(stepping.now(), [&](const Writer& writer) {
    const bool is_fenced = writer.fence && writer.reading.generation == stepping.now().generation;
    return writer.at == Writer::At::kLocked && !is_fenced;
  });
}

void AddCacheSteps(Stepping& stepping) {
  const State& now = stepping.now();
  for (Small i = 0; i <= now.generation; ++i) {
    const Space& space = now.spaces[i];
    if (space.key.kind != Key::Kind::kNothing && MayExpire(stepping, space.key)) {
      stepping.Add("cache", "lets the key expire").to.spaces[i].key = {};
    }
    if (!space.is_warm && MayBeWarm(stepping, i))
      stepping.Add("cache", "is warm").to.spaces[i].is_warm = true;
  }
  if (now.budget.flushes == 0) return;
  State& flushed = stepping.Add("cache", "is flushed").to;
  --flushed.budget.flushes;
  flushed.spaces.fill({.key = {}, .is_warm = stepping.Has(Mistake::kLostCacheIsWarm)});
  for (Writer& writer : flushed.writers) writer.fence_lost = IsGuarded(writer) && writer.fence;
}

void AddRowSteps(Stepping& stepping) {
  const State& now = stepping.now();
  if (now.is_young) {
    State& settled = stepping.Add("generation", "has been read by everybody").to;
    settled.is_young = false;
    settled.was_suspended = false;
  } else if (now.suspension == Suspension::kLong) {
    stepping.Add("suspension", "is shorter than a push").to.suspension = Suspension::kShort;
  } else if (now.suspension == Suspension::kShort && SuspensionMayEnd(stepping)) {
    stepping.Add("suspension", "is over").to.suspension = Suspension::kOver;
  }
}

}  // namespace

void AddWorldSteps(Stepping& stepping) {
  AddCacheSteps(stepping);
  AddRowSteps(stepping);
}

}  // namespace tidemark::model
