#include "common/async/alarm.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

constexpr Alarm::Clock::time_point kNever = Alarm::Clock::time_point::max();

TEST(Alarm, ReturnsWhenItsTimeHasCome) {
  EventLoops loops(1);
  const Alarm::Clock::time_point time = Alarm::Clock::now() + std::chrono::milliseconds(5);
  RunBlocking<void>(loops.Next(), [&]() -> Task<void> {
    Alarm alarm(*EventLoop::Current());
    co_await alarm.WaitUntil(time);
  });
  EXPECT_GE(Alarm::Clock::now(), time);
}

TEST(Alarm, ARingEndsAWaitThatWouldLastForever) {
  EventLoops loops(1);
  RunBlocking<void>(loops.Next(), [&]() -> Task<void> {
    Alarm alarm(*EventLoop::Current());
    EventLoop::Current()->Post([&alarm] { alarm.Ring(); });
    co_await alarm.WaitUntil(kNever);
  });
}

TEST(Alarm, ARingThatNobodyWaitsForIsForgotten) {
  EventLoops loops(1);
  RunBlocking<void>(loops.Next(), [&]() -> Task<void> {
    Alarm alarm(*EventLoop::Current());
    alarm.Ring();
    bool rung = false;
    EventLoop::Current()->Post([&] {
      rung = true;
      alarm.Ring();
    });
    co_await alarm.WaitUntil(kNever);
    EXPECT_TRUE(rung);
  });
}

}  // namespace
}  // namespace tidemark
