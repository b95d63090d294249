#include "bench/load/driver.h"

#include <algorithm>
#include <utility>

namespace tidemark::bench {

Driver::Driver(Work& work, Crowd crowd, Pace pace, Complaints& complaints)
    : work_(work), crowd_(std::move(crowd)), pace_(std::move(pace)), complaints_(complaints) {
  tally_.began = pace_.counted_from();
  tally_.ended = tally_.began;
}

void Driver::Drive(Time now) {
  while (!idle_.empty()) {
    const std::optional<Time> due = pace_.NextDue(now);
    if (!due || *due > now) return;
    const std::optional<std::size_t> user = crowd_.Take();
    if (!user) return;
    Lane& lane = *idle_.back();
    idle_.pop_back();
    Begin(lane, *user, now);
  }
}

void Driver::Begin(Lane& lane, std::size_t user, Time now) {
  ++under_way_;
  lane.user_ = user;
  lane.turn_ = pace_.Take(now);
  lane.ask_ = work_.Begin(user);
  lane.sum_ = Reply();
  lane.Send(lane.ask_);
}

void Driver::Answered(Lane& lane, const Reply& reply, Time now) {
  lane.sum_.bytes_sent += reply.bytes_sent;
  lane.sum_.bytes_received += reply.bytes_received;
  lane.sum_.body_bytes += reply.body_bytes;
  lane.sum_.tasks += reply.tasks;
  const Outcome outcome = reply.ok ? work_.Hear(lane.user_, reply, lane.ask_) : Outcome::kUnexpected;
  if (outcome == Outcome::kMore) return lane.Send(lane.ask_);
  Count(lane, outcome, reply, now);
  crowd_.GiveBack(lane.user_);
  idle_.push_back(&lane);
  --under_way_;
  Drive(now);
}

void Driver::Count(const Lane& lane, Outcome outcome, const Reply& reply, Time now) {
  if (outcome == Outcome::kUnexpected) {
    ++tally_.errors;
    return complaints_.Say("unexpected answer: " + reply.told);
  }
  if (!lane.turn_.counts) {
    ++tally_.warmup_requests;
    return;
  }
  tally_.latencies.Add(now - lane.turn_.due);
  tally_.bytes_sent += lane.sum_.bytes_sent;
  tally_.bytes_received += lane.sum_.bytes_received;
  tally_.tasks += lane.sum_.tasks;
  tally_.body_bytes += lane.sum_.body_bytes;
  tally_.ended = std::max(tally_.ended, now);
}

std::optional<Time> Driver::WakeAt(Time now) const {
  if (idle_.empty()) return std::nullopt;
  return pace_.NextDue(now);
}

}  // namespace tidemark::bench
