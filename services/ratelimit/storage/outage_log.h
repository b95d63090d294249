// One log line when a dependency is lost and one when it is back, however many calls meet it in between.
#pragma once

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "common/origin/origin.h"

namespace tidemark::ratelimit {

// Thread-safe.
class OutageLog {
 public:
  // The events are `<dependency>_lost` and `<dependency>_back`.
  explicit OutageLog(std::string dependency);
  // After each call, what it came to, and on whose behalf it was: the lines name who was the first to meet
  // it.
  void Note(const absl::Status& status, const Origin& origin);
  // The last call failed.
  bool away() const { return away_; }

 private:
  const std::string dependency_;
  std::atomic<bool> away_{false};
};

}  // namespace tidemark::ratelimit
