// Unpredictable bytes, injected so that tests can repeat a run.
#pragma once

#include <cstdint>
#include <mutex>
#include <random>
#include <string>

namespace tidemark {

// Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::string Bytes(size_t count) = 0;
};

// libsodium's generator: fit for keys and tokens.
class SystemRandom : public Random {
 public:
  SystemRandom();
  std::string Bytes(size_t count) override;
};

// The same bytes for the same seed. For tests alone: predictable by design.
class SeededRandom : public Random {
 public:
  explicit SeededRandom(uint64_t seed) : engine_(seed) {}
  std::string Bytes(size_t count) override;

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

// A random UUID (RFC 9562, version 4) in canonical lower-case text.
std::string NewUuid(Random& random);

}  // namespace tidemark
