// What every HeadCache holds. A test file of a cache includes this and instantiates HeadCacheContract.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/async/event_loops.h"
#include "common/random/random.h"
#include "services/sync/domain/test_edit.h"
#include "services/sync/storage/head_cache.h"

namespace tidemark::sync {

// A cache under test and the loops to ask it from.
class HeadCacheUnderTest {
 public:
  virtual ~HeadCacheUnderTest() = default;
  virtual EventLoops& loops() = 0;
  virtual HeadCache& cache() = 0;
  // Loses what it has in `space` of `user`, as by a flush.
  virtual void Lose(const CacheSpace& space, const UserId& user) = 0;
  // The time to be cold is over.
  virtual void Warm(const CacheSpace& space) = 0;

  CacheRead Read(const CacheSpace& space, const UserId& user) {
    return RunBlocking<CacheRead>(loops().at(0), [&] { return cache().Read(space, user); });
  }
  void Fill(const CacheSpace& space, const UserId& user, const std::string& lease, const Head& head) {
    RunBlocking<void>(loops().at(0), [&] { return cache().Fill(space, user, lease, head); });
  }
  std::optional<std::string> Fence(const CacheSpace& space, const UserId& user,
                                   FenceLeaves leaves = FenceLeaves::kTheHead) {
    return RunBlocking<std::optional<std::string>>(loops().at(0),
                                                   [&] { return cache().Fence(space, user, leaves); });
  }
  void Publish(const CacheSpace& space, const UserId& user, const std::string& owner, const Head& head) {
    RunBlocking<void>(loops().at(0), [&] { return cache().Publish(space, user, owner, head); });
  }
  void Unfence(const CacheSpace& space, const UserId& user, const std::string& owner) {
    RunBlocking<void>(loops().at(0), [&] { return cache().Unfence(space, user, owner); });
  }
};

// `cold`: how long the cache is cold after a loss.
using MakeHeadCache = std::unique_ptr<HeadCacheUnderTest> (*)(absl::Duration cold);

inline Head HeadAt(int64_t high_water) {
  return {.high_water = {high_water}, .live_count = 2, .version_sum = 5, .purged_through = {}};
}

// The steps of SPEC 5.8 for one user, unless another is named.
class HeadCacheContract : public testing::TestWithParam<MakeHeadCache> {
 protected:
  explicit HeadCacheContract(absl::Duration cold = absl::ZeroDuration()) : cache_(GetParam()(cold)) {}

  static std::string NewName() {
    static SystemRandom random;
    return NewUuid(random);
  }
  static UserId NewUser() { return UserId(NewName()); }

  CacheRead Read() { return cache_->Read(space_, user_); }
  std::optional<Head> Cached() { return Read().head; }
  // Of a reader who finds nothing.
  std::string Lease() {
    const CacheRead read = Read();
    EXPECT_TRUE(read.lease);
    return read.lease.value_or("");
  }
  void Fill(const std::string& lease, const Head& head) { cache_->Fill(space_, user_, lease, head); }
  std::string Fence(FenceLeaves leaves = FenceLeaves::kTheHead) {
    const std::optional<std::string> owner = cache_->Fence(space_, user_, leaves);
    EXPECT_TRUE(owner);
    return owner.value_or("");
  }
  void Publish(const std::string& owner, const Head& head) { cache_->Publish(space_, user_, owner, head); }
  void Unfence(const std::string& owner) { cache_->Unfence(space_, user_, owner); }
  // Neither a value to answer with nor a lease to fill by.
  bool AnswersNobody() {
    const CacheRead read = Read();
    return !read.head && !read.lease;
  }

  const CacheSpace space_{Epoch(NewName()), 1};
  const UserId user_ = NewUser();
  const std::unique_ptr<HeadCacheUnderTest> cache_;
};

TEST_P(HeadCacheContract, WhoFindsNothingMayFillIt) {
  Fill(Lease(), HeadAt(10));
  EXPECT_EQ(Cached(), HeadAt(10));
}

TEST_P(HeadCacheContract, KeepsTheThreeNumbersOfTheEtagAndNotThePurge) {
  Head head{.high_water = {kUnixMillisMax},
            .live_count = 0,
            .version_sum = int64_t{1} << 60,
            .purged_through = {9}};
  Fill(Lease(), head);
  head.purged_through = {};
  EXPECT_EQ(Cached(), head);
}

TEST_P(HeadCacheContract, OnlyOneReaderAtATimeHasTheLease) {
  const std::string lease = Lease();
  EXPECT_TRUE(AnswersNobody());
  Fill("another's", HeadAt(9));
  EXPECT_TRUE(AnswersNobody());
  Fill(lease, HeadAt(10));
  EXPECT_EQ(Cached(), HeadAt(10));
}

TEST_P(HeadCacheContract, ALeaseFillsOnce) {
  const std::string lease = Lease();
  Fill(lease, HeadAt(10));
  Fill(lease, HeadAt(9));
  EXPECT_EQ(Cached(), HeadAt(10));
}

TEST_P(HeadCacheContract, AFenceHidesWhatWasCached) {
  Fill(Lease(), HeadAt(10));
  Fence();
  EXPECT_TRUE(AnswersNobody());
}

TEST_P(HeadCacheContract, APushPublishesItsHead) {
  Publish(Fence(), HeadAt(10));
  EXPECT_EQ(Cached(), HeadAt(10));
}

TEST_P(HeadCacheContract, AFillFromBeforeAPushIsVoidWhileItRuns) {
  const std::string lease = Lease();
  Fence();
  Fill(lease, HeadAt(9));
  EXPECT_TRUE(AnswersNobody());
}

TEST_P(HeadCacheContract, AFillFromBeforeAPushIsVoidAfterIt) {
  const std::string lease = Lease();
  Publish(Fence(), HeadAt(10));
  Fill(lease, HeadAt(9));
  EXPECT_EQ(Cached(), HeadAt(10));
}

TEST_P(HeadCacheContract, AFillFromBeforeAPushThatWasRolledBackIsVoid) {
  const std::string lease = Lease();
  Unfence(Fence());
  Fill(lease, HeadAt(9));
  EXPECT_EQ(Cached(), std::nullopt);
}

TEST_P(HeadCacheContract, OfTwoPushesTheEarlierFenceDoesNotUnfenceTheLater) {
  const std::string first = Fence();
  const std::string second = Fence();
  Publish(first, HeadAt(10));
  EXPECT_TRUE(AnswersNobody());
  Publish(second, HeadAt(11));
  EXPECT_EQ(Cached(), HeadAt(11));
}

TEST_P(HeadCacheContract, OfTwoPushesTheOneThatCommitsLastIsKeptWhicheverPublishesLast) {
  const std::string first = Fence();
  const std::string second = Fence();
  Publish(second, HeadAt(10));
  Publish(first, HeadAt(11));
  EXPECT_EQ(Cached(), HeadAt(11));
}

// The later fence may belong to the push that committed first: its head is the older one.
TEST_P(HeadCacheContract, AFenceStandsUntilEveryPushUnderItHasPublished) {
  const std::string first = Fence();
  const std::string second = Fence();
  Publish(first, HeadAt(11));
  EXPECT_TRUE(AnswersNobody());
  Publish(second, HeadAt(10));
  EXPECT_EQ(Cached(), HeadAt(11));
}

TEST_P(HeadCacheContract, APushThatDiesBeforeItPublishesLeavesAFence) {
  Fence();
  Publish(Fence(), HeadAt(10));
  EXPECT_TRUE(AnswersNobody());
}

TEST_P(HeadCacheContract, ARollbackLeavesWhatAnotherPushPublishedUnderTheSameFence) {
  const std::string first = Fence();
  const std::string second = Fence();
  Publish(first, HeadAt(10));
  Unfence(second);
  EXPECT_EQ(Cached(), HeadAt(10));
}

// As after a minute's pause between commit and publish: by then the fence has expired.
TEST_P(HeadCacheContract, APushThatPublishesLateUnderAnothersFenceDoesNotBringItsOldHeadBack) {
  const std::string late = Fence();
  Unfence(late);
  Publish(Fence(), HeadAt(11));
  const std::string another = Fence();
  Publish(late, HeadAt(10));
  EXPECT_TRUE(AnswersNobody());
  Unfence(another);
  EXPECT_EQ(Cached(), std::nullopt);
}

TEST_P(HeadCacheContract, AFenceLeavesNothingIfAPushPublishesUnderItWhoseOwnWasLost) {
  const std::string lost = Fence();
  Unfence(lost);
  const std::string later = Fence();
  Publish(lost, HeadAt(11));
  Publish(later, HeadAt(10));
  EXPECT_EQ(Cached(), std::nullopt);
}

TEST_P(HeadCacheContract, MorePushesAtOnceThanAFenceCanTellHideTheHead) {
  std::vector<std::string> owners;
  for (int i = 0; i < 200; ++i) owners.push_back(Fence());
  Publish(owners.front(), HeadAt(10));
  EXPECT_TRUE(AnswersNobody());
}

TEST_P(HeadCacheContract, AnOlderHeadNeverReplacesANewerOne) {
  const std::string first = Fence();
  const std::string second = Fence();
  Publish(second, HeadAt(11));
  Publish(first, HeadAt(10));
  EXPECT_EQ(Cached(), HeadAt(11));
}

TEST_P(HeadCacheContract, HeadsAreComparedAsNumbers) {
  const std::string first = Fence();
  const std::string second = Fence();
  Publish(second, HeadAt(9));
  Publish(first, HeadAt(10));
  EXPECT_EQ(Cached(), HeadAt(10));
}

TEST_P(HeadCacheContract, APushRemovesTheLeaseOfWhoMayHaveReadBeforeItsCommit) {
  const std::string owner = Fence();
  // As if the fence had been lost.
  Unfence(owner);
  const std::string lease = Lease();
  Publish(owner, HeadAt(10));
  Fill(lease, HeadAt(9));
  EXPECT_EQ(Cached(), std::nullopt);
}

TEST_P(HeadCacheContract, APushWhoseFenceWasLostLeavesNothing) {
  const std::string owner = Fence();
  Unfence(owner);
  Publish(owner, HeadAt(10));
  EXPECT_EQ(Cached(), std::nullopt);
}

TEST_P(HeadCacheContract, ARolledBackPushTakesItsFenceAwayAndNoOther) {
  const std::string first = Fence();
  const std::string second = Fence();
  Unfence(first);
  EXPECT_TRUE(AnswersNobody());
  Unfence(second);
  Fill(Lease(), HeadAt(10));
  Unfence(second);
  EXPECT_EQ(Cached(), HeadAt(10));
}

TEST_P(HeadCacheContract, UsersEpochsAndGenerationsAreApart) {
  Publish(Fence(), HeadAt(10));
  EXPECT_EQ(cache_->Read(space_, NewUser()).head, std::nullopt);
  const CacheSpace next{space_.epoch, space_.generation + 1};
  EXPECT_EQ(cache_->Read({Epoch("another"), space_.generation}, user_).head, std::nullopt);
  EXPECT_EQ(cache_->Read(next, user_).head, std::nullopt);
  cache_->Fence(next, user_);
  EXPECT_EQ(Cached(), HeadAt(10));
}

TEST_P(HeadCacheContract, AFenceThatIsToLeaveNothingHidesTheHeadAndLeavesNothing) {
  Fill(Lease(), HeadAt(10));
  const std::string owner = Fence(FenceLeaves::kNothing);
  EXPECT_TRUE(AnswersNobody());
  Publish(owner, HeadAt(11));
  EXPECT_EQ(Cached(), std::nullopt);
}

TEST_P(HeadCacheContract, AFenceLeavesNothingIfOneUnderItIsToLeaveNothing) {
  const std::string first = Fence();
  const std::string second = Fence(FenceLeaves::kNothing);
  const std::string third = Fence();
  Publish(second, HeadAt(10));
  Publish(first, HeadAt(11));
  EXPECT_TRUE(AnswersNobody());
  Publish(third, HeadAt(12));
  EXPECT_EQ(Cached(), std::nullopt);
}

// While a push may be under way whose fence was lost.
class ColdHeadCacheContract : public HeadCacheContract {
 protected:
  ColdHeadCacheContract() : HeadCacheContract(absl::Hours(1)) {}
};

TEST_P(ColdHeadCacheContract, NobodyMayFillIt) {
  EXPECT_TRUE(AnswersNobody());
  EXPECT_TRUE(AnswersNobody());
  cache_->Warm(space_);
  Fill(Lease(), HeadAt(10));
  EXPECT_EQ(Cached(), HeadAt(10));
}

TEST_P(ColdHeadCacheContract, APushLeavesNothing) {
  Publish(Fence(), HeadAt(10));
  EXPECT_TRUE(AnswersNobody());
}

TEST_P(ColdHeadCacheContract, APushThatFencedBeforeItWasWarmLeavesNothingAfterwards) {
  const std::string cold = Fence();
  cache_->Warm(space_);
  const std::string warm = Fence();
  Publish(cold, HeadAt(10));
  Publish(warm, HeadAt(11));
  EXPECT_EQ(Cached(), std::nullopt);
}

TEST_P(ColdHeadCacheContract, ALossMakesItColdAnew) {
  EXPECT_TRUE(AnswersNobody());
  cache_->Warm(space_);
  Publish(Fence(), HeadAt(10));
  EXPECT_EQ(Cached(), HeadAt(10));
  cache_->Lose(space_, user_);
  EXPECT_TRUE(AnswersNobody());
  Publish(Fence(), HeadAt(11));
  EXPECT_TRUE(AnswersNobody());
}

}  // namespace tidemark::sync
