// When each request of a run is due, and which of them count.
//
//   closed loop    at once, whenever a connection is free
//   open loop      at fixed times, whether a connection is free or not; a latency counts from that time, so
//   that a server
//                  that stalls is charged for all that waited meanwhile
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "bench/load/plan.h"

namespace tidemark::bench {

// A request that is to be sent.
struct Turn {
  Time due;
  // False: it warms up.
  bool counts = false;
};

class Pace {
 public:
  Pace(const PacePlan& plan, Time start);

  // When the next request is due, at the earliest now; nothing: there is none any more.
  std::optional<Time> NextDue(Time now) const;
  // The request that is due. NextDue(now) is now, or was before.
  Turn Take(Time now);

  // When what counts begins.
  Time counted_from() const { return counted_from_; }

 private:
  Time DueAt(Time now) const;

  const PacePlan plan_;
  const Time start_;
  const Time counted_from_;
  int64_t taken_ = 0;
  int64_t counted_ = 0;
};

}  // namespace tidemark::bench
