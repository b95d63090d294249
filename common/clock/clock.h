// The time of day, injected so that tests own it.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>

namespace tidemark {

// Milliseconds since 1970-01-01T00:00:00Z, 0 … 2^53-1 (so that JSON carries it exactly).
struct UnixMillis {
  int64_t value = 0;
  auto operator<=>(const UnixMillis&) const = default;
};

inline constexpr int64_t kUnixMillisMax = (int64_t{1} << 53) - 1;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual UnixMillis Now() const = 0;
};

// The machine's clock.
class SystemClock : public Clock {
 public:
  UnixMillis Now() const override;
};

// A clock that stands still until told. Thread-safe.
class ManualClock : public Clock {
 public:
  explicit ManualClock(UnixMillis start);
  UnixMillis Now() const override;
  void AdvanceMillis(int64_t millis);

 private:
  // Atomic rather than locked: a test's clock is read from many threads and moved by one.
  std::atomic<int64_t> now_;
};

}  // namespace tidemark
