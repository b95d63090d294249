#include "bench/load/pace.h"

#include <gtest/gtest.h>

namespace tidemark::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kStart{seconds(100)};

TEST(Pace, InAClosedLoopTheNextIsAlwaysDueNow) {
  Pace pace({.duration = seconds(1)}, kStart);
  for (int ms : {0, 1, 999}) {
    const Time now = kStart + milliseconds(ms);
    EXPECT_EQ(pace.NextDue(now), now);
    EXPECT_EQ(pace.Take(now).due, now);
  }
  EXPECT_EQ(pace.NextDue(kStart + seconds(1)), std::nullopt);
}

TEST(Pace, InAnOpenLoopRequestsAreDueAtFixedTimes) {
  Pace pace({.duration = seconds(1), .rate = 100}, kStart);
  EXPECT_EQ(pace.Take(kStart).due, kStart);
  EXPECT_EQ(pace.NextDue(kStart), kStart + milliseconds(10));
  EXPECT_EQ(pace.Take(kStart + milliseconds(10)).due, kStart + milliseconds(10));
}

TEST(Pace, WhatWaitedForAConnectionCountsFromWhenItWasDue) {
  Pace pace({.duration = seconds(1), .rate = 100}, kStart);
  const Time late = kStart + milliseconds(500);
  EXPECT_EQ(pace.NextDue(late), late);
  EXPECT_EQ(pace.Take(late).due, kStart);
  EXPECT_EQ(pace.Take(late).due, kStart + milliseconds(10));
}

TEST(Pace, AnOpenLoopSendsAllThatWasDueBeforeTheEndHoweverLate) {
  Pace pace({.duration = seconds(1), .rate = 10}, kStart);
  int sent = 0;
  const Time late = kStart + seconds(5);
  for (; pace.NextDue(late); ++sent) pace.Take(late);
  EXPECT_EQ(sent, 10);
}

TEST(Pace, WhatWarmsUpDoesNotCount) {
  Pace pace({.duration = seconds(1), .warmup = seconds(2)}, kStart);
  EXPECT_FALSE(pace.Take(kStart + milliseconds(1'999)).counts);
  EXPECT_TRUE(pace.Take(kStart + seconds(2)).counts);
  EXPECT_TRUE(pace.NextDue(kStart + milliseconds(2'999)));
  EXPECT_FALSE(pace.NextDue(kStart + seconds(3)));
}

TEST(Pace, ANumberOfRequestsIsOfThoseThatCount) {
  Pace pace({.requests = 2, .warmup = seconds(1)}, kStart);
  pace.Take(kStart);
  pace.Take(kStart);
  pace.Take(kStart + seconds(1));
  EXPECT_TRUE(pace.NextDue(kStart + seconds(60)));
  pace.Take(kStart + seconds(60));
  EXPECT_FALSE(pace.NextDue(kStart + seconds(60)));
}

}  // namespace
}  // namespace tidemark::bench
