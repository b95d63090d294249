// tidemark-simulate: any number of runs of the device simulation (docs/simulation.md).
//
//   tidemark-simulate --seed 1 --seeds 1000 --steps 1000
//
// Stops at the first broken law, prints its report, and exits with 1.
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>
#include <string>

#include "tests/simulation/simulation.h"

int main(int argc, char** argv) {
  std::map<std::string, long long> options = {
      {"--seed", 1}, {"--seeds", 100}, {"--steps", tidemark::simulation::kStepsOfRun}};
  for (int i = 1; i < argc; i += 2) {
    if (!options.contains(argv[i]) || i + 1 == argc || std::atoll(argv[i + 1]) < 1) {
      std::cerr << "usage: tidemark-simulate [--seed N] [--seeds N] [--steps N]\n";
      return 2;
    }
    options[argv[i]] = std::atoll(argv[i + 1]);
  }
  const auto begin = std::chrono::steady_clock::now();
  const auto first = static_cast<uint64_t>(options["--seed"]);
  const auto seeds = static_cast<uint64_t>(options["--seeds"]);
  for (uint64_t seed = first; seed < first + seeds; ++seed) {
    const auto report = tidemark::simulation::Simulate(seed, static_cast<int>(options["--steps"]));
    if (!report) continue;
    std::cout << *report;
    return 1;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  const double steps = static_cast<double>(seeds) * static_cast<double>(options["--steps"]);
  std::cout << "no law broken: " << seeds << " seeds, " << static_cast<int64_t>(steps) << " steps, "
            << static_cast<int64_t>(steps / took.count()) << " steps/s\n";
  return 0;
}
