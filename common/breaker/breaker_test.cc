#include "common/breaker/breaker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemark {
namespace {

using testing::HasSubstr;

class BreakerTest : public testing::Test {
 protected:
  void Open() {
    for (int i = 0; i < 3; ++i) breaker_.Missed();
  }

  metrics::Registry registry_;
  absl::Time now_ = absl::UnixEpoch();
  Breaker breaker_{{.misses_max = 3, .pause = absl::Seconds(1)},
                   registry_.AddGauge("tidemark_breaker_open", "Open."),
                   [this] { return now_; }};
};

TEST_F(BreakerTest, AdmitsAllUntilTooManyInARowHadNoAnswer) {
  breaker_.Missed();
  breaker_.Missed();
  EXPECT_TRUE(breaker_.Admits());
  breaker_.Missed();
  EXPECT_FALSE(breaker_.Admits());
}

TEST_F(BreakerTest, AnAnswerInBetweenStartsTheCountAnew) {
  breaker_.Missed();
  breaker_.Missed();
  breaker_.Answered();
  breaker_.Missed();
  breaker_.Missed();
  EXPECT_TRUE(breaker_.Admits());
}

TEST_F(BreakerTest, OpenItAdmitsOneProbePerPause) {
  Open();
  now_ += absl::Milliseconds(999);
  EXPECT_FALSE(breaker_.Admits());
  now_ += absl::Milliseconds(1);
  EXPECT_TRUE(breaker_.Admits());
  EXPECT_FALSE(breaker_.Admits());
  now_ += absl::Seconds(1);
  EXPECT_TRUE(breaker_.Admits()) << "the first probe was never answered, nor given up";
}

TEST_F(BreakerTest, AProbeThatIsMissedLeavesItOpen) {
  Open();
  now_ += absl::Seconds(1);
  ASSERT_TRUE(breaker_.Admits());
  breaker_.Missed();
  EXPECT_FALSE(breaker_.Admits());
}

TEST_F(BreakerTest, AProbeThatIsAnsweredClosesIt) {
  Open();
  now_ += absl::Seconds(1);
  ASSERT_TRUE(breaker_.Admits());
  breaker_.Answered();
  EXPECT_TRUE(breaker_.Admits());
  EXPECT_TRUE(breaker_.Admits());
}

TEST_F(BreakerTest, AnAskFromBeforeThatIsMissedLateDoesNotPutTheProbeOff) {
  Open();
  now_ += absl::Milliseconds(900);
  breaker_.Missed();
  now_ += absl::Milliseconds(100);
  EXPECT_TRUE(breaker_.Admits());
}

TEST_F(BreakerTest, AClockThatIsSetBackDoesNotKeepItOpen) {
  Open();
  now_ -= absl::Hours(1);
  EXPECT_TRUE(breaker_.Admits());
}

TEST_F(BreakerTest, ShowsWhetherItIsOpen) {
  EXPECT_THAT(registry_.Text(), HasSubstr("tidemark_breaker_open 0"));
  Open();
  EXPECT_THAT(registry_.Text(), HasSubstr("tidemark_breaker_open 1"));
  breaker_.Answered();
  EXPECT_THAT(registry_.Text(), HasSubstr("tidemark_breaker_open 0"));
}

}  // namespace
}  // namespace tidemark
