// tidemark-model: explores the cache protocol (docs/cache.md).
//
//   tidemark-model --pushes 4 --refusals 2          more of what may happen
//   tidemark-model --mistake "a lost cache"         with the first planted mistake whose name begins so
//
// Prints the number of states and steps, and the shortest way to a broken law, if there is one; then it exits
// with 1.
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

#include "tests/model/explore.h"

namespace {

using tidemark::model::Mistake;

Mistake MistakeNamed(const std::string& name) {
  for (const auto& planted : tidemark::model::PlantedMistakes()) {
    if (planted.name.starts_with(name)) return planted.mistake;
  }
  std::cerr << "no mistake begins with \"" << name << "\". There are:\n";
  for (const auto& planted : tidemark::model::PlantedMistakes()) std::cerr << "  " << planted.name << "\n";
  std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
  tidemark::model::Budget budget;
  Mistake mistake = Mistake::kNone;
  const std::map<std::string, tidemark::model::Small*> amounts = {{"--pushes", &budget.pushes},
                                                                  {"--flushes", &budget.flushes},
                                                                  {"--crashes", &budget.crashes},
                                                                  {"--refusals", &budget.refusals},
                                                                  {"--off-fences", &budget.off_fences}};
  for (int i = 1; i < argc; i += 2) {
    const std::string option = argv[i];
    const std::string value = i + 1 < argc ? argv[i + 1] : "";
    if (option == "--mistake" && !value.empty()) {
      mistake = MistakeNamed(value);
    } else if (amounts.contains(option) && value.size() == 1 && value >= "0" && value <= "9") {
      *amounts.at(option) = static_cast<tidemark::model::Small>(value[0] - '0');
    } else {
      std::cerr << "usage: tidemark-model [--pushes|--flushes|--crashes|--refusals|--off-fences 0…9] "
                   "[--mistake NAME]\n";
      return 2;
    }
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto found = tidemark::model::Explore(budget, mistake);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::cout << found.states << " states, " << found.transitions << " steps, " << took.count() << " s\n";
  if (!found.broken) return 0;
  std::cout << Format(*found.broken);
  return 1;
}
