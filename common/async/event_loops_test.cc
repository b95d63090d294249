#include "common/async/event_loops.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace tidemark {
namespace {

TEST(EventLoop, RunsWhatIsPostedInOrderOnItsOwnThread) {
  EventLoop loop(3);
  std::vector<int> order;
  std::promise<EventLoop*> last;
  for (int i = 0; i < 100; ++i) loop.Post([&order, i] { order.push_back(i); });
  loop.Post([&] { last.set_value(EventLoop::Current()); });

  EXPECT_EQ(last.get_future().get(), &loop);
  EXPECT_EQ(EventLoop::Current(), nullptr);
  ASSERT_EQ(order.size(), 100u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(EventLoops, NextTakesEachInTurn) {
  EventLoops loops(3);
  std::set<int> seen;
  for (int i = 0; i < 3; ++i) seen.insert(loops.Next().index());
  EXPECT_EQ(seen, (std::set<int>{0, 1, 2}));
  EXPECT_EQ(&loops.at(1), &loops.at(1));
}

TEST(RunBlocking, ReturnsWhatTheTaskReturns) {
  EventLoops loops(2);
  const std::string answer =
      RunBlocking<std::string>(loops.Next(), []() -> Task<std::string> { co_return "forty-two"; });
  EXPECT_EQ(answer, "forty-two");
}

TEST(RunBlocking, WaitsForATaskWithoutAResult) {
  EventLoops loops(1);
  int runs = 0;
  RunBlocking<void>(loops.at(0), [&]() -> Task<void> {
    ++runs;
    co_return;
  });
  EXPECT_EQ(runs, 1);
}

TEST(Spawn, KeepsTheBodyAliveUntilItsTaskEnds) {
  EventLoops loops(1);
  std::promise<int> promise;
  std::weak_ptr<int> watched;
  {
    auto captured = std::make_shared<int>(42);
    watched = captured;
    Spawn(loops.at(0), [captured, &promise]() -> Task<void> {
      co_await Sleep(absl::Milliseconds(1));
      promise.set_value(*captured);
    });
  }
  EXPECT_EQ(promise.get_future().get(), 42);
  // One turn of the loop later the task has ended, and with it what it captured.
  RunBlocking<void>(loops.at(0), []() -> Task<void> { co_return; });
  EXPECT_TRUE(watched.expired());
}

TEST(Sleep, LetsTheLoopRunOtherTasks) {
  EventLoops loops(1);
  std::promise<void> release;
  bool woke_first = false;
  bool woke_before_other = true;
  // In one turn of the loop, so that the other is there before the sleep is over.
  loops.at(0).Post([&] {
    Spawn(loops.at(0), [&]() -> Task<void> {
      co_await Sleep(absl::Milliseconds(20));
      woke_first = true;
      release.set_value();
    });
    Spawn(loops.at(0), [&]() -> Task<void> {
      woke_before_other = woke_first;
      co_return;
    });
  });
  release.get_future().get();
  EXPECT_FALSE(woke_before_other);
}

TEST(EventLoops, DropsSleepersAndDestroysWhatTheyHold) {
  auto held = std::make_shared<int>(1);
  {
    EventLoops loops(2);
    for (int i = 0; i < 2; ++i) {
      Spawn(loops.at(i), [held]() -> Task<void> { co_await Sleep(absl::InfiniteDuration()); });
    }
    RunBlocking<void>(loops.at(0), []() -> Task<void> { co_return; });
  }
  EXPECT_EQ(held.use_count(), 1);
}

Task<void> Throw() {
  throw std::runtime_error("a bug that must not be swallowed");
  co_return;
}

TEST(SpawnDeathTest, ATaskThatThrowsEndsTheProcessWithItsMessage) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        EventLoops loops(1);
        RunBlocking<void>(loops.at(0), [] { return Throw(); });
      },
      "a bug that must not be swallowed");
}

}  // namespace
}  // namespace tidemark
