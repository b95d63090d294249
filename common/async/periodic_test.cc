#include "common/async/periodic.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <optional>
#include <thread>

#include "common/async/completion.h"

namespace tidemark {
namespace {

absl::Duration Briefly() { return absl::Milliseconds(1); }
absl::Duration Forever() { return absl::Hours(1'000); }

TEST(Periodic, DoesItAgainAndAgain) {
  EventLoops loops(1);
  std::promise<void> third;
  int times = 0;
  const Periodic periodic(loops.at(0), Briefly, [&](const std::atomic<bool>&) -> Task<void> {
    if (++times == 3) third.set_value();
    co_return;
  });
  third.get_future().get();
}

TEST(Periodic, WaitsBeforeTheFirstTimeAndIsDestroyedInThePause) {
  EventLoops loops(1);
  int times = 0;
  {
    const Periodic periodic(loops.at(0), Forever, [&](const std::atomic<bool>&) -> Task<void> {
      ++times;
      co_return;
    });
  }
  EXPECT_EQ(times, 0);
}

TEST(Periodic, IsDestroyedNoEarlierThanABodyUnderWayEndsAndTellsItToStop) {
  EventLoops loops(2);
  std::promise<void> begun;
  bool ended = false;
  {
    const Periodic periodic(loops.at(0), Briefly, [&](const std::atomic<bool>& stopping) -> Task<void> {
      begun.set_value();
      while (!stopping) co_await Sleep(absl::Milliseconds(1));
      ended = true;
    });
    begun.get_future().get();
  }
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace tidemark
