// Random choices that are the same on every machine and build: no distribution of the standard library.
#pragma once

#include <cstdint>
#include <random>

namespace tidemark::simulation {

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}

  uint64_t Roll() { return engine_(); }
  // 0 … n-1
  int64_t Below(int64_t n) { return static_cast<int64_t>(engine_() % static_cast<uint64_t>(n)); }
  bool OneIn(int64_t n) { return Below(n) == 0; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tidemark::simulation
