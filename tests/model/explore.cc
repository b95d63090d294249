#include "tests/model/explore.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "tests/model/model_laws.h"
#include "tests/model/steps.h"

namespace tidemark::model {
namespace {

class Explorer {
 public:
  Explorer(const Budget& budget, Mistake mistake) : budget_(budget), mistake_(mistake) {}

  Exploration Run() && {
    Reach(model::Begin(budget_), 0);
    for (std::size_t from = 0; from < states_.size(); ++from) {
      for (const Step& step : StepsFrom(states_[from], mistake_)) {
        ++found_.transitions;
        if (const std::string_view law = BrokenBy(states_[from], step, budget_, mistake_); !law.empty()) {
          found_.broken = Counterexample{law, WayTo(from, step)};
          return Done();
        }
        Reach(Normal(step.to), from);
      }
    }
    return Done();
  }

 private:
  void Reach(const State& state, std::size_t from) {
    if (!places_.emplace(state, states_.size()).second) return;
    states_.push_back(state);
    parents_.push_back(from);
  }

  Exploration Done() {
    found_.states = static_cast<std::int64_t>(states_.size());
    return std::move(found_);
  }

  // Steps are not kept: they are taken again, with the names that normal states have lost.
  std::vector<std::string> WayTo(std::size_t from, const Step& last) const {
    std::vector<State> normal = {Normal(last.to)};
    for (std::size_t place = from; place != 0; place = parents_[place]) normal.push_back(states_[place]);
    std::ranges::reverse(normal);
    std::vector<std::string> way;
    State now = model::Begin(budget_);
    for (const State& next : normal) {
      const std::vector<Step> steps = StepsFrom(now, mistake_);
      const auto leads_there = [&](const Step& step) { return Normal(step.to) == next; };
      const auto taken = std::ranges::find_if(steps, leads_there);
      way.push_back(Tell(*taken));
      now = taken->to;
    }
    return way;
  }

  static std::string Tell(const Step& step) {
    std::string line(step.who);
    line.append(" ").append(step.what);
    line.resize(std::max<std::size_t>(line.size(), 48), ' ');
    return line + "  " + Describe(step.to);
  }

  const Budget budget_;
  const Mistake mistake_;
  std::vector<State> states_;
  std::vector<std::size_t> parents_;
  absl::flat_hash_map<State, std::size_t> places_;
  Exploration found_;
};

}  // namespace

std::string Format(const Counterexample& counterexample) {
  std::string text = "broken: " + std::string(counterexample.law) + "\n";
  int number = 0;
  for (const std::string& step : counterexample.steps) {
    const std::string label = std::to_string(++number);
    text += std::string(label.size() < 2 ? 1 : 0, ' ') + label + "  " + step + "\n";
  }
  return text;
}

Exploration Explore(const Budget& budget, Mistake mistake) { return Explorer(budget, mistake).Run(); }

}  // namespace tidemark::model
