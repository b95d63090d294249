// What every BucketStore holds. A test file of a store includes this and instantiates BucketStoreContract.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/async/event_loops.h"
#include "services/ratelimit/domain/bucket.h"
#include "services/ratelimit/storage/bucket_store.h"

namespace tidemark::ratelimit {

// A store under test and the loops to ask it from. Its own clock runs, or stands after 2025-01-01.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual EventLoops& loops() = 0;
  virtual BucketStore& store() = 0;

  absl::StatusOr<Decision> Take(const Policy& policy, const std::string& subject, int64_t cost,
                                std::optional<UnixMillis> now) {
    return RunBlocking<absl::StatusOr<Decision>>(
        loops().Next(), [&] { return store().Take(policy, subject, cost, now, Origin()); });
  }
};

using MakeStore = std::unique_ptr<StoreUnderTest> (*)();

class BucketStoreContract : public testing::TestWithParam<MakeStore> {
 protected:
  Decision Ask(const Policy& policy, int64_t cost, std::optional<UnixMillis> now = std::nullopt) {
    return Ask(policy, subject_, cost, now);
  }
  Decision Ask(const Policy& policy, const std::string& subject, int64_t cost,
               std::optional<UnixMillis> now = std::nullopt) {
    absl::StatusOr<Decision> taken = under_test_->Take(policy, subject, cost, now);
    EXPECT_TRUE(taken.ok()) << taken.status();
    return taken.value_or(Decision());
  }

  // How many of `asks` for one token each, all under way at once on all loops, are allowed.
  int AllowedOfParallelAsks(const Policy& policy, int asks, std::optional<UnixMillis> now) {
    std::atomic<int> allowed{0};
    std::atomic<int> left{asks};
    std::promise<void> done;
    for (int i = 0; i < asks; ++i) {
      Spawn(under_test_->loops().Next(), [&]() -> Task<void> {
        const Origin nobodys;
        absl::StatusOr<Decision> taken =
            co_await under_test_->store().Take(policy, subject_, 1, now, nobodys);
        EXPECT_TRUE(taken.ok()) << taken.status();
        if (taken.ok() && taken->allowed) ++allowed;
        if (--left == 0) done.set_value();
      });
    }
    done.get_future().get();
    return allowed;
  }

  static std::string RandomSubject() {
    std::random_device random;
    return absl::StrCat("subject-", absl::Hex(random()), absl::Hex(random()));
  }

  const Policy sync_{"sync", TokenBucket{10, absl::Hours(4)}};
  const Policy v1_sync_{"v1_sync", DailyCounter{100}};
  const UnixMillis start_{1'735'689'600'000};
  const std::string subject_ = RandomSubject();
  const std::unique_ptr<StoreUnderTest> under_test_ = GetParam()();
};

TEST_P(BucketStoreContract, ABucketNeverSeenIsFull) {
  const Decision decision = Ask(sync_, 0);
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.remaining, 10);
  EXPECT_EQ(decision.limit, 10);
}

TEST_P(BucketStoreContract, KeepsWhatIsLeft) {
  EXPECT_EQ(Ask(sync_, 3).remaining, 7);
  EXPECT_EQ(Ask(sync_, 2).remaining, 5);
  EXPECT_EQ(Ask(sync_, 0).remaining, 5);
}

TEST_P(BucketStoreContract, RefusesWhenEmptyAndSaysHowLong) {
  Ask(sync_, 10);
  const Decision refused = Ask(sync_, 1);
  EXPECT_FALSE(refused.allowed);
  EXPECT_GT(refused.retry_after, absl::Hours(4) - absl::Minutes(1));
  EXPECT_LE(refused.retry_after, absl::Hours(4));
  EXPECT_GT(refused.reset_after, absl::Hours(40) - absl::Minutes(1));
}

TEST_P(BucketStoreContract, DailyCounterOnTheOwnClockEndsWithinADay) {
  Ask(v1_sync_, 100);
  const Decision refused = Ask(v1_sync_, 1);
  EXPECT_FALSE(refused.allowed);
  EXPECT_GT(refused.retry_after, absl::ZeroDuration());
  EXPECT_LE(refused.retry_after, kDay);
  EXPECT_EQ(refused.retry_after, refused.reset_after);
}

TEST_P(BucketStoreContract, EachSubjectHasABucketOfItsOwn) {
  Ask(sync_, 10);
  EXPECT_EQ(Ask(sync_, RandomSubject(), 1).remaining, 9);
}

TEST_P(BucketStoreContract, EachPolicyHasABucketOfItsOwn) {
  Ask(sync_, 10);
  EXPECT_EQ(Ask(v1_sync_, 1).remaining, 99);
}

TEST_P(BucketStoreContract, SubjectsMayBeAnyBytes) {
  const std::string subject = subject_ + std::string("\0 \r\n:{*}", 8);
  EXPECT_EQ(Ask(sync_, subject, 4).remaining, 6);
  EXPECT_EQ(Ask(sync_, subject, 0).remaining, 6);
}

TEST_P(BucketStoreContract, NumbersAtTheirBoundsStayExact) {
  const int64_t window = absl::ToInt64Milliseconds(kWindowMax);
  const UnixMillis late{kUnixMillisMax - window};
  const Policy wide{"wide", TokenBucket{window, absl::Milliseconds(1)}};
  EXPECT_EQ(Ask(wide, window, late).reset_after, kWindowMax);
  const Decision refused = Ask(wide, window - 1, UnixMillis{late.value + 1});
  EXPECT_EQ(refused.remaining, 1);
  EXPECT_EQ(refused.retry_after, kWindowMax - absl::Milliseconds(2));
}

TEST_P(BucketStoreContract, KeepsToALoweredCapacity) {
  const Policy lowered{"sync", TokenBucket{4, absl::Hours(4)}};
  Ask(sync_, 1, start_);
  EXPECT_EQ(Ask(lowered, 1, UnixMillis{start_.value - 14'400'000}).remaining, 3);
  EXPECT_EQ(Ask(lowered, 0, start_).remaining, 3);
}

TEST_P(BucketStoreContract, ParallelAsksNeverOverIssue) {
  EXPECT_EQ(AllowedOfParallelAsks(sync_, 400, std::nullopt), 10);
}

TEST_P(BucketStoreContract, ParallelAsksOfADailyCounterNeverOverIssue) {
  EXPECT_EQ(AllowedOfParallelAsks(v1_sync_, 400, start_), 100);
}

// SPEC 7: at most capacity + elapsed / interval, whoever asks when.
TEST_P(BucketStoreContract, SixtyFourCallersOnAMovingClockNeverGetMoreThanTheLawAllows) {
  constexpr int kCallers = 64;
  constexpr int kAsksEach = 40;
  std::mt19937_64 random(20250107);
  for (int round = 0; round < 6; ++round) {
    const int64_t interval = std::uniform_int_distribution<int64_t>(1, 2'000)(random);
    const Policy policy{"law", TokenBucket{1 + round * 7, absl::Milliseconds(interval)}};
    const std::string subject = RandomSubject();
    std::atomic<int64_t> clock{start_.value};
    std::atomic<int64_t> issued{0};
    std::atomic<int> left{kCallers};
    std::promise<void> done;
    for (int caller = 0; caller < kCallers; ++caller) {
      Spawn(under_test_->loops().Next(), [&, seed = random()]() -> Task<void> {
        std::mt19937_64 own(seed);
        for (int ask = 0; ask < kAsksEach; ++ask) {
          const UnixMillis now{clock += std::uniform_int_distribution<int64_t>(0, interval / 8)(own)};
          const int64_t cost =
              std::uniform_int_distribution<int64_t>(1, std::min<int64_t>(3, LimitOf(policy)))(own);
          const absl::StatusOr<Decision> taken =
              co_await under_test_->store().Take(policy, subject, cost, now, Origin());
          EXPECT_TRUE(taken.ok()) << taken.status();
          if (taken.ok() && taken->allowed) issued += cost;
        }
        if (--left == 0) done.set_value();
      });
    }
    done.get_future().get();
    const int64_t elapsed = clock - start_.value;
    EXPECT_LE(issued, LimitOf(policy) + elapsed / interval) << "round " << round;
    EXPECT_GE(issued, LimitOf(policy)) << "round " << round;
  }
}

TEST_P(BucketStoreContract, RefillsToTheMillisecondAfterWhateverWasAskedBefore) {
  const Policy policy{"sync", TokenBucket{64, absl::Milliseconds(777)}};
  EXPECT_EQ(AllowedOfParallelAsks(policy, 200, start_), 64);
  for (int64_t token = 1; token <= 20; ++token) {
    const int64_t at = start_.value + token * 777;
    EXPECT_FALSE(Ask(policy, 1, UnixMillis{at - 1}).allowed) << token;
    EXPECT_EQ(Ask(policy, 0, UnixMillis{at}).remaining, 1) << token;
    EXPECT_TRUE(Ask(policy, 1, UnixMillis{at}).allowed) << token;
  }
}

// A limits file that was changed finds what the old one left.
TEST_P(BucketStoreContract, APolicyThatBecameACounterEndsWithItsDay) {
  const UnixMillis noon{start_.value + kDayMillis / 2};
  Ask({"sync", TokenBucket{10, absl::Hours(4)}}, 10, noon);
  const Policy counter{"sync", DailyCounter{5}};
  EXPECT_EQ(Ask(counter, 1, noon).retry_after, absl::Hours(12));
  EXPECT_EQ(Ask(counter, 0, UnixMillis{start_.value + kDayMillis}).remaining, 5);
}

TEST_P(BucketStoreContract, ACounterThatBecameABucketHoldsNoMoreThanItsCapacity) {
  Ask({"sync", DailyCounter{100}}, 10, start_);
  const Policy bucket{"sync", TokenBucket{4, absl::Hours(4)}};
  EXPECT_EQ(Ask(bucket, 3, UnixMillis{start_.value + 1}).remaining, 1);
  EXPECT_FALSE(Ask(bucket, 2, UnixMillis{start_.value + 1}).allowed);
}

// The law of the store: it answers as the arithmetic does, whatever the order of costs and times, those of a
// clock that goes backwards included.
TEST_P(BucketStoreContract, AnswersAsTheArithmeticDoes) {
  std::mt19937_64 random(20250101);
  auto draw = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  for (int round = 0; round < 20; ++round) {
    const int64_t limit = draw(1, 20);
    const int64_t interval = draw(1, 10'000'000);
    Policy policy{"law", DailyCounter{limit}};
    if (round % 2 == 0) policy.kind = TokenBucket{limit, absl::Milliseconds(interval)};
    const std::string subject = RandomSubject();
    std::optional<Bucket> stored;
    UnixMillis now = start_;
    for (int ask = 0; ask < 60; ++ask) {
      now.value += draw(-interval, 3 * interval);
      const int64_t cost = draw(0, limit);
      const Taken expected = Take(policy, stored, cost, now);
      if (expected.decision.allowed && cost > 0) stored = expected.bucket;
      const Decision decision = Ask(policy, subject, cost, now);
      ASSERT_EQ(decision.allowed, expected.decision.allowed) << "round " << round << ", ask " << ask;
      ASSERT_EQ(decision.remaining, expected.decision.remaining);
      ASSERT_EQ(decision.limit, expected.decision.limit);
      ASSERT_EQ(decision.retry_after, expected.decision.retry_after);
      ASSERT_EQ(decision.reset_after, expected.decision.reset_after);
      ASSERT_EQ(decision.window, expected.decision.window);
    }
  }
}

}  // namespace tidemark::ratelimit
