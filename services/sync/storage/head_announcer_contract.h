// What every HeadAnnouncer holds. A test file of an announcer includes this and instantiates
// HeadAnnouncerContract.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "common/async/event_loops.h"
#include "common/mutex/mutex.h"
#include "services/sync/storage/head_announcer.h"

namespace tidemark::sync {

// Two replicas' announcers.
class HeadAnnouncersUnderTest {
 public:
  virtual ~HeadAnnouncersUnderTest() = default;
  virtual EventLoops& loops() = 0;
  virtual HeadAnnouncer& first() = 0;
  virtual HeadAnnouncer& second() = 0;
  // Neither hears the other from here on.
  virtual void Cut() = 0;
  virtual void Mend() = 0;
};

// Waits for what it is told.
class RecordingListener : public HeadListener {
 public:
  void Heard(const Announcement& announcement) override {
    MutexLock lock(&mutex_);
    heard_.push_back(announcement);
    changed_.NotifyAll();
  }
  void HearsOthers(bool hears) override {
    MutexLock lock(&mutex_);
    hears_ = hears;
    changed_.NotifyAll();
  }

  // What it heard so far.
  std::vector<Announcement> Heard() {
    MutexLock lock(&mutex_);
    return heard_;
  }
  // The same, once it is `count`, or 20 s have passed.
  std::vector<Announcement> Await(std::size_t count) {
    MutexLock lock(&mutex_);
    const CondVar::Deadline deadline = CondVar::In(absl::Seconds(20));
    while (heard_.size() < count && changed_.WaitUntil(mutex_, deadline)) {
    }
    return heard_;
  }
  // False if it does not come to that within 20 s.
  bool AwaitHears(bool hears) {
    MutexLock lock(&mutex_);
    const CondVar::Deadline deadline = CondVar::In(absl::Seconds(20));
    while (hears_ != hears && changed_.WaitUntil(mutex_, deadline)) {
    }
    return hears_ == hears;
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  bool hears_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Announcement> heard_ ABSL_GUARDED_BY(mutex_);
};

using MakeHeadAnnouncers = std::unique_ptr<HeadAnnouncersUnderTest> (*)();

class HeadAnnouncerContract : public testing::TestWithParam<MakeHeadAnnouncers> {
 protected:
  HeadAnnouncerContract() {
    under_test_->first().Listen(&first_);
    under_test_->second().Listen(&second_);
    EXPECT_TRUE(first_.AwaitHears(true));
    EXPECT_TRUE(second_.AwaitHears(true));
  }
  ~HeadAnnouncerContract() override {
    under_test_->first().Listen(nullptr);
    under_test_->second().Listen(nullptr);
  }

  // By the first replica. Returns when its own listener was told.
  void Announce(const Announcement& announcement) {
    RunBlocking<void>(under_test_->loops().at(0), [&]() -> Task<void> {
      under_test_->first().Announce(announcement);
      co_return;
    });
  }

  static Announcement At(int64_t high_water) {
    const Head head{.high_water = {high_water}, .live_count = 2, .version_sum = 5, .purged_through = {}};
    return {UserId("00000000-0000-4000-8000-000000000001"), Epoch("e1"), head};
  }

  std::unique_ptr<HeadAnnouncersUnderTest> under_test_ = GetParam()();
  RecordingListener first_, second_;
};

TEST_P(HeadAnnouncerContract, WhatIsAnnouncedIsHeardAtHomeAtOnceAndElsewhereInOrder) {
  const Announcement unknown{UserId("00000000-0000-4000-8000-000000000002"), Epoch("e2"), std::nullopt};
  Announce(At(10));
  EXPECT_THAT(first_.Heard(), testing::Contains(At(10)));
  Announce(unknown);
  Announce(At(11));
  EXPECT_THAT(second_.Await(3), testing::ElementsAre(At(10), unknown, At(11)));
}

TEST_P(HeadAnnouncerContract, WhoIsCutOffIsToldSoAndHearsItselfAlone) {
  under_test_->Cut();
  EXPECT_TRUE(first_.AwaitHears(false));
  EXPECT_TRUE(second_.AwaitHears(false));
  Announce(At(10));
  EXPECT_THAT(first_.Heard(), testing::ElementsAre(At(10)));
  under_test_->Mend();
  EXPECT_TRUE(first_.AwaitHears(true));
  EXPECT_TRUE(second_.AwaitHears(true));
  Announce(At(11));
  EXPECT_THAT(second_.Await(1), testing::ElementsAre(At(11)));
}

TEST_P(HeadAnnouncerContract, WhoListensLaterIsToldWhetherItHears) {
  RecordingListener later;
  under_test_->second().Listen(&later);
  EXPECT_TRUE(later.AwaitHears(true));
  Announce(At(10));
  EXPECT_THAT(later.Await(1), testing::ElementsAre(At(10)));
  EXPECT_THAT(second_.Heard(), testing::IsEmpty());
  under_test_->second().Listen(&second_);
}

}  // namespace tidemark::sync
