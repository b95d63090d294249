#include "bench/load/driver.h"

#include <gtest/gtest.h>

namespace tidemark::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Time kStart{seconds(100)};
const Reply kGood{.ok = true, .bytes_sent = 6, .bytes_received = 2};

class FakeWork : public Work {
 public:
  Ask Begin(std::size_t) override { return {}; }
  Outcome Hear(std::size_t, const Reply& reply, Ask&) override {
    return reply.has_more ? Outcome::kMore : Outcome::kDone;
  }
};

class FakeLane : public Lane {
 public:
  void Send(const Ask&) override { ++sent; }
  int sent = 0;
};

class DriverTest : public testing::Test {
 protected:
  Driver NewDriver(const PacePlan& plan, int lanes = 1) {
    Driver driver(work_, Crowd({.users = 10}, 0), Pace(plan, kStart), complaints_);
    for (int i = 0; i < lanes; ++i) driver.AddLane(lanes_[i]);
    return driver;
  }

  FakeWork work_;
  Complaints complaints_;
  FakeLane lanes_[3];
};

TEST_F(DriverTest, InAClosedLoopEachAnswerLeadsToTheNextRequestUntilTheEnd) {
  Driver driver = NewDriver({.duration = seconds(1)});
  driver.Drive(kStart);
  EXPECT_EQ(lanes_[0].sent, 1);
  driver.Answered(lanes_[0], kGood, kStart + milliseconds(10));
  EXPECT_EQ(lanes_[0].sent, 2);
  EXPECT_FALSE(driver.IsOver(kStart + seconds(2))) << "an answer is still to come";
  driver.Answered(lanes_[0], kGood, kStart + seconds(2));
  EXPECT_EQ(lanes_[0].sent, 2);
  EXPECT_TRUE(driver.IsOver(kStart + seconds(2)));
}

TEST_F(DriverTest, AllLanesAreUsedAtOnce) {
  Driver driver = NewDriver({.requests = 3}, 3);
  driver.Drive(kStart);
  for (const FakeLane& lane : lanes_) EXPECT_EQ(lane.sent, 1);
}

TEST_F(DriverTest, InAnOpenLoopWhatFoundNoLaneIsChargedForItsWait) {
  Driver driver = NewDriver({.requests = 2, .rate = 100});
  driver.Drive(kStart);
  EXPECT_EQ(driver.WakeAt(kStart), std::nullopt) << "no lane is free";
  driver.Answered(lanes_[0], kGood, kStart + milliseconds(500));
  EXPECT_EQ(lanes_[0].sent, 2);
  driver.Answered(lanes_[0], kGood, kStart + milliseconds(501));
  EXPECT_GT(driver.tally().latencies.Quantile(0), milliseconds(480));
}

TEST_F(DriverTest, InAnOpenLoopAFreeLaneWaitsForTheTime) {
  Driver driver = NewDriver({.requests = 2, .rate = 100});
  driver.Drive(kStart);
  driver.Answered(lanes_[0], kGood, kStart + milliseconds(1));
  EXPECT_EQ(lanes_[0].sent, 1);
  EXPECT_EQ(driver.WakeAt(kStart + milliseconds(1)), kStart + milliseconds(10));
  driver.Drive(kStart + milliseconds(10));
  EXPECT_EQ(lanes_[0].sent, 2);
}

TEST_F(DriverTest, ATurnOfSeveralRequestsCountsOnceWithAllItsBytes) {
  Driver driver = NewDriver({.requests = 1});
  driver.Drive(kStart);
  driver.Answered(lanes_[0], {.ok = true, .tasks = 5, .has_more = true, .bytes_received = 10},
                  kStart + milliseconds(1));
  driver.Answered(lanes_[0], {.ok = true, .tasks = 2, .bytes_received = 4}, kStart + milliseconds(3));
  EXPECT_EQ(driver.tally().latencies.count(), 1);
  EXPECT_EQ(driver.tally().latencies.max(), milliseconds(3));
  EXPECT_EQ(driver.tally().bytes_received, 14);
  EXPECT_EQ(driver.tally().tasks, 7);
}

TEST_F(DriverTest, AnErrorIsNoRequest) {
  Driver driver = NewDriver({.requests = 2});
  driver.Drive(kStart);
  driver.Answered(lanes_[0], {.ok = false, .told = "503 unavailable"}, kStart + milliseconds(1));
  driver.Answered(lanes_[0], kGood, kStart + milliseconds(2));
  EXPECT_EQ(driver.tally().errors, 1);
  EXPECT_EQ(driver.tally().latencies.count(), 1);
  EXPECT_TRUE(driver.IsOver(kStart + milliseconds(2)));
}

TEST_F(DriverTest, WhatWarmsUpIsNotMeasured) {
  Driver driver = NewDriver({.requests = 1, .warmup = seconds(1)});
  driver.Drive(kStart);
  driver.Answered(lanes_[0], kGood, kStart + seconds(1));
  driver.Answered(lanes_[0], kGood, kStart + seconds(1) + milliseconds(5));
  EXPECT_EQ(driver.tally().warmup_requests, 1);
  EXPECT_EQ(driver.tally().latencies.count(), 1);
  EXPECT_EQ(driver.tally().bytes_sent, 6);
  EXPECT_EQ(driver.tally().began, kStart + seconds(1));
}

}  // namespace
}  // namespace tidemark::bench
