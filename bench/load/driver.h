// The part of a run that one thread does: hands out turns to connections as they are due, and counts the
// answers. Knows neither HTTP nor gRPC; a transport gives it lanes and tells it what it hears.
//
//   driver.Drive(now)  ──►  lane.Send(ask)  …  driver.Answered(lane, reply, now)  ──►  lane.Send(next ask)
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "bench/load/crowd.h"
#include "bench/load/exchange.h"
#include "bench/load/pace.h"
#include "bench/load/tally.h"
#include "bench/load/works.h"

namespace tidemark::bench {

class Driver;

// One request at a time: a connection, or a call.
class Lane {
 public:
  virtual ~Lane() = default;
  // Leads to one Driver::Answered, not before it returns. `ask` stays as it is until then.
  virtual void Send(const Ask& ask) = 0;

 private:
  friend class Driver;
  std::size_t user_ = 0;
  Ask ask_;
  Turn turn_;
  // Of this turn, so far.
  Reply sum_;
};

class Driver {
 public:
  // `work` and `complaints` outlive it.
  Driver(Work& work, Crowd crowd, Pace pace, Complaints& complaints);

  // `lane` outlives the run.
  void AddLane(Lane& lane) { idle_.push_back(&lane); }

  // Starts what is due, as far as lanes and users are free.
  void Drive(Time now);
  void Answered(Lane& lane, const Reply& reply, Time now);

  // When Drive is to be called, though no answer has come; nothing: an answer comes first.
  std::optional<Time> WakeAt(Time now) const;
  // Nothing is under way, and nothing will be.
  bool IsOver(Time now) const { return under_way_ == 0 && !pace_.NextDue(now); }

  const Tally& tally() const { return tally_; }

 private:
  void Begin(Lane& lane, std::size_t user, Time now);
  void Count(const Lane& lane, Outcome outcome, const Reply& reply, Time now);

  Work& work_;
  Crowd crowd_;
  Pace pace_;
  Complaints& complaints_;
  std::vector<Lane*> idle_;
  int under_way_ = 0;
  Tally tally_;
};

}  // namespace tidemark::bench
