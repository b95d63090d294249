// What a task waits for when something may happen before its time is up.
//
//   while (!has_work) co_await alarm.WaitUntil(next_round);    // elsewhere on the loop: has_work = true;
//   alarm.Ring();
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>

#include "common/async/event_loops.h"
#include "common/async/task.h"

namespace tidemark {

// Lives on its loop, and is not destroyed while somebody waits.
class Alarm {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Alarm(EventLoop& loop) : timer_(loop.executor()) {}

  // Returns at `time` (Clock::time_point::max(): never), or when Ring is called. For one task at a time.
  Task<void> WaitUntil(Clock::time_point time);
  // Does nothing if nobody waits.
  void Ring() { timer_.cancel(); }

 private:
  boost::asio::steady_timer timer_;
};

}  // namespace tidemark
