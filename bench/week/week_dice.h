// Random choices that are the same on every machine: no distribution of the standard library.
#pragma once

#include <cstdint>
#include <random>

namespace tidemark::week {

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  // 0 … 1, 1 excluded.
  double Part() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  double Between(double low, double high) { return low + (high - low) * Part(); }
  // `mean` by the long run: its whole part, and one more as often as the rest says.
  int64_t About(double mean) {
    const auto whole = static_cast<int64_t>(mean);
    return whole + (Part() < mean - static_cast<double>(whole) ? 1 : 0);
  }
  int64_t Below(int64_t n) { return static_cast<int64_t>(engine_() % static_cast<uint64_t>(n)); }

 private:
  std::mt19937_64 engine_;
};

}  // namespace tidemark::week
