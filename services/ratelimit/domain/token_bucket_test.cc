#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <string>

#include "services/ratelimit/domain/bucket.h"

namespace tidemark::ratelimit {
namespace {

constexpr int64_t kHour = 3'600'000;
constexpr UnixMillis kStart{1'735'689'600'000};

// A stored bucket, as a store keeps it.
class Subject {
 public:
  Subject(int64_t capacity, absl::Duration interval) : policy_{"sync", TokenBucket{capacity, interval}} {}

  Decision Ask(int64_t cost, UnixMillis now) {
    Taken taken = Take(policy_, stored_, cost, now);
    if (taken.decision.allowed) stored_ = taken.bucket;
    full_at_ = taken.full_at;
    return taken.decision;
  }
  void Forget() { stored_.reset(); }
  UnixMillis full_at() const { return full_at_; }

 private:
  Policy policy_;
  std::optional<Bucket> stored_;
  UnixMillis full_at_;
};

UnixMillis After(int64_t millis) { return {kStart.value + millis}; }

TEST(TokenBucket, StartsFull) {
  Subject subject(10, absl::Hours(4));
  Decision decision = subject.Ask(0, kStart);
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.remaining, 10);
  EXPECT_EQ(decision.limit, 10);
  EXPECT_EQ(decision.reset_after, absl::ZeroDuration());
}

TEST(TokenBucket, SaysWhenItWillBeFull) {
  Subject subject(10, absl::Hours(4));
  EXPECT_EQ(subject.Ask(3, kStart).reset_after, absl::Hours(12));
  EXPECT_EQ(subject.full_at(), After(12 * kHour));
}

TEST(TokenBucket, RefusesWhenEmptyAndSaysWhenTheNextTokenComes) {
  Subject subject(2, absl::Hours(4));
  EXPECT_TRUE(subject.Ask(2, kStart).allowed);
  Decision refused = subject.Ask(1, After(kHour));
  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 0);
  EXPECT_EQ(refused.retry_after, absl::Hours(3));
  EXPECT_EQ(refused.reset_after, absl::Hours(7));
}

TEST(TokenBucket, TheNextTokenIsThereAtTheMillisecondPromisedAndNotOneBefore) {
  Subject subject(2, absl::Hours(4));
  subject.Ask(2, kStart);
  const int64_t promised = absl::ToInt64Milliseconds(subject.Ask(1, After(1)).retry_after) + 1;
  EXPECT_FALSE(subject.Ask(1, After(promised - 1)).allowed);
  EXPECT_TRUE(subject.Ask(1, After(promised)).allowed);
}

TEST(TokenBucket, RefillKeepsTheRemainder) {
  Subject subject(10, absl::Hours(4));
  subject.Ask(10, kStart);
  EXPECT_TRUE(subject.Ask(1, After(7 * kHour)).allowed);
  EXPECT_EQ(subject.Ask(1, After(7 * kHour)).retry_after, absl::Hours(1));
}

TEST(TokenBucket, AskingOftenNeverDelaysAToken) {
  Subject subject(1, absl::Milliseconds(1000));
  subject.Ask(1, kStart);
  for (int64_t millis = 1; millis < 1000; ++millis) ASSERT_FALSE(subject.Ask(1, After(millis)).allowed);
  EXPECT_TRUE(subject.Ask(1, After(1000)).allowed);
}

TEST(TokenBucket, TakingEachTokenAsItComesLosesNone) {
  Subject subject(5, absl::Milliseconds(1000));
  subject.Ask(5, kStart);
  int64_t taken = 0;
  // 333 does not divide 1000: each ask meets the bucket with another remainder.
  for (int64_t millis = 333; millis <= 333'000; millis += 333) taken += subject.Ask(1, After(millis)).allowed;
  EXPECT_EQ(taken, 333);
}

TEST(TokenBucket, HoldsNoMoreThanItsCapacityHoweverLongItRests) {
  Subject subject(3, absl::Seconds(1));
  subject.Ask(1, kStart);
  EXPECT_EQ(subject.Ask(0, After(1000 * kHour)).remaining, 3);
}

TEST(TokenBucket, RefusedAskTakesNothing) {
  Subject subject(10, absl::Hours(4));
  subject.Ask(7, kStart);
  EXPECT_FALSE(subject.Ask(4, kStart).allowed);
  EXPECT_TRUE(subject.Ask(3, kStart).allowed);
}

TEST(TokenBucket, CostZeroLooksEvenIntoAnEmptyBucket) {
  Subject subject(1, absl::Hours(4));
  subject.Ask(1, kStart);
  Decision look = subject.Ask(0, After(kHour));
  EXPECT_TRUE(look.allowed);
  EXPECT_EQ(look.remaining, 0);
  EXPECT_EQ(subject.Ask(1, After(kHour)).retry_after, absl::Hours(3));
}

TEST(TokenBucket, ClockGoingBackwardsTakesNothingAway) {
  Subject subject(10, absl::Hours(4));
  subject.Ask(5, After(1000 * kHour));
  EXPECT_EQ(subject.Ask(0, kStart).remaining, 5);
  EXPECT_TRUE(subject.Ask(5, kStart).allowed);
}

TEST(TokenBucket, ClockGoingBackAndForthAddsNothing) {
  Subject subject(10, absl::Hours(4));
  subject.Ask(10, After(40 * kHour));
  for (int round = 0; round < 100; ++round) {
    ASSERT_FALSE(subject.Ask(1, kStart).allowed);
    ASSERT_FALSE(subject.Ask(1, After(40 * kHour)).allowed);
  }
}

TEST(TokenBucket, ForgettingItOnceFullChangesNothing) {
  Subject remembered(10, absl::Hours(4));
  Subject forgotten(10, absl::Hours(4));
  remembered.Ask(7, After(1));
  forgotten.Ask(7, After(1));
  const UnixMillis full_at = forgotten.full_at();
  forgotten.Forget();
  for (int64_t later : {0, 1, 5}) {
    const UnixMillis now{full_at.value + later * kHour};
    EXPECT_EQ(remembered.Ask(2, now).remaining, forgotten.Ask(2, now).remaining);
    EXPECT_EQ(remembered.full_at(), forgotten.full_at());
  }
}

TEST(TokenBucket, KeepsToALoweredCapacity) {
  const Policy lowered{"sync", TokenBucket{4, absl::Hours(4)}};
  EXPECT_EQ(Take(lowered, Bucket{9, kStart}, 1, kStart).decision.remaining, 3);
}

TEST(TokenBucket, StaysExactAtTheBoundsOfItsNumbers) {
  const int64_t window = absl::ToInt64Milliseconds(kWindowMax);
  const UnixMillis late{kUnixMillisMax - window};
  for (TokenBucket kind : {TokenBucket{window, absl::Milliseconds(1)}, TokenBucket{1, kWindowMax}}) {
    Subject subject(kind.capacity, kind.refill_interval);
    EXPECT_EQ(subject.Ask(kind.capacity, late).reset_after, kWindowMax);
    EXPECT_EQ(subject.full_at().value, kUnixMillisMax);
  }
}

// The slow, obvious reference: one token is added at each whole interval after the bucket was last full.
class CountingBucket {
 public:
  CountingBucket(int64_t capacity, int64_t interval) : capacity_(capacity), interval_(interval) {}

  bool Ask(int64_t cost, int64_t now) {
    for (; at_ < now; ++at_) Tick();
    if (cost > tokens_) return false;
    tokens_ -= cost;
    return true;
  }

 private:
  void Tick() {
    if (tokens_ == capacity_) {
      waited_ = 0;
    } else if (++waited_ == interval_) {
      ++tokens_;
      waited_ = 0;
    }
  }

  const int64_t capacity_;
  const int64_t interval_;
  int64_t at_ = 0;
  int64_t tokens_ = capacity_;
  int64_t waited_ = 0;
};

class TokenBucketLaw : public testing::TestWithParam<unsigned> {
 protected:
  int64_t Draw(int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random_);
  }
  std::mt19937_64 random_{GetParam()};
};

TEST_P(TokenBucketLaw, AnswersAsCountingEveryMillisecondDoes) {
  const int64_t capacity = Draw(1, 12);
  const int64_t interval = Draw(1, 50);
  Subject subject(capacity, absl::Milliseconds(interval));
  CountingBucket reference(capacity, interval);
  int64_t elapsed = 0;
  for (int ask = 0; ask < 500; ++ask) {
    elapsed += Draw(0, 2 * interval);
    const int64_t cost = Draw(0, std::min<int64_t>(capacity, 3));
    ASSERT_EQ(subject.Ask(cost, After(elapsed)).allowed, reference.Ask(cost, elapsed))
        << "ask " << ask << " at " << elapsed << ", capacity " << capacity << ", interval " << interval;
  }
}

TEST_P(TokenBucketLaw, NeverIssuesMoreThanCapacityAndElapsedTimeAllow) {
  const int64_t capacity = Draw(1, 20);
  const int64_t interval = Draw(1, 5000);
  Subject subject(capacity, absl::Milliseconds(interval));
  int64_t now = 0;
  int64_t newest = 0;
  int64_t issued = 0;
  subject.Ask(0, kStart);
  for (int ask = 0; ask < 2000; ++ask) {
    now += Draw(-interval, 2 * interval);
    newest = std::max(newest, now);
    const int64_t cost = Draw(0, capacity);
    if (subject.Ask(cost, After(now)).allowed) issued += cost;
    ASSERT_LE(issued, capacity + newest / interval);
  }
  EXPECT_GE(issued, capacity);
}

TEST_P(TokenBucketLaw, TheWaitToldIsExact) {
  const int64_t capacity = Draw(1, 20);
  Subject subject(capacity, absl::Milliseconds(Draw(1, 5000)));
  int64_t now = 0;
  for (int ask = 0; ask < 500; ++ask) {
    const int64_t cost = Draw(1, capacity);
    const Decision decision = subject.Ask(cost, After(now));
    if (decision.allowed) continue;
    now += absl::ToInt64Milliseconds(decision.retry_after);
    ASSERT_FALSE(subject.Ask(cost, After(now - 1)).allowed);
    ASSERT_TRUE(subject.Ask(cost, After(now)).allowed);
  }
  EXPECT_GT(now, 0);
}

INSTANTIATE_TEST_SUITE_P(Seeds, TokenBucketLaw, testing::Range(1u, 33u));

}  // namespace
}  // namespace tidemark::ratelimit
