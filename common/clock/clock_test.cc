#include "common/clock/clock.h"

#include <gtest/gtest.h>

#include <chrono>

namespace tidemark {
namespace {

TEST(SystemClock, CountsMillisecondsSince1970) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  using std::chrono::system_clock;
  int64_t before = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  int64_t now = SystemClock().Now().value;
  int64_t after = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  EXPECT_LE(before, now);
  EXPECT_LE(now, after);
}

TEST(ManualClock, StandsStillUntilItIsMoved) {
  ManualClock clock(UnixMillis{1'735'689'600'000});
  EXPECT_EQ(clock.Now(), UnixMillis{1'735'689'600'000});
  clock.AdvanceMillis(250);
  EXPECT_EQ(clock.Now(), UnixMillis{1'735'689'600'250});
  clock.AdvanceMillis(-500);
  EXPECT_EQ(clock.Now(), UnixMillis{1'735'689'599'750});
}

}  // namespace
}  // namespace tidemark
