#include "tests/model/model_laws.h"

#include <algorithm>
#include <optional>

namespace tidemark::model {
namespace {

bool IsQuiet(const State& state) {
  return std::ranges::all_of(state.writers,
                             [](const Writer& writer) { return writer.at == Writer::At::kIdle; }) &&
         std::ranges::all_of(state.readers,
                             [](const Reader& reader) { return reader.at == Reader::At::kIdle; });
}

bool NothingWentWrong(const State& state, const Budget& budget) {
  return state.budget.flushes == budget.flushes && state.budget.crashes == budget.crashes &&
         state.budget.refusals == budget.refusals;
}

// What happens by itself, but for heads that expire.
bool IsTime(const State& from, const Step& step) {
  if (step.who != "cache") return step.who == "generation" || step.who == "suspension";
  const auto key_of = [](const State& state) { return state.spaces[state.generation].key; };
  return step.to.budget == from.budget &&
         (key_of(step.to) == key_of(from) || key_of(from).kind != Key::Kind::kHead);
}

template <typename Wanted>
std::optional<Step> FirstStep(const State& from, Mistake mistake, Wanted wanted) {
  for (const Step& step : StepsFrom(from, mistake)) {
    if (wanted(from, step)) return step;
  }
  return std::nullopt;
}

// All time that must pass has passed, and then two readers have come.
bool CacheComesToAnswer(State state, Mistake mistake) {
  while (const auto step = FirstStep(state, mistake, IsTime)) state = step->to;
  const auto is_readers = [](const State&, const Step& step) { return step.who == "reader 1"; };
  std::optional<Step> last;
  for (int begun = 0; begun < 2; ++begun) {
    do {
      last = FirstStep(state, mistake, is_readers);
      if (!last) return false;
      state = last->to;
    } while (state.readers[0].at != Reader::At::kIdle);
  }
  return last->answer.has_value();
}

}  // namespace

std::string_view BrokenBy(const State& from, const Step& step, const Budget& budget, Mistake mistake) {
  if (step.answer && step.answer->head < step.answer->newest_at_begin) return kNeverStale;
  const State& to = step.to;
  if (!IsQuiet(to) || IsQuiet(from) || to.budget.pushes > 0) return {};
  const bool is_fenced = to.spaces[to.generation].key.kind == Key::Kind::kFence;
  if (is_fenced && NothingWentWrong(to, budget)) return kFenceGoes;
  if (!CacheComesToAnswer(to, mistake)) return kCacheAnswers;
  return {};
}

}  // namespace tidemark::model
