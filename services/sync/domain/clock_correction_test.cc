#include "services/sync/domain/clock_correction.h"

#include <gtest/gtest.h>

namespace tidemark::sync {
namespace {

constexpr int64_t kDay = 86'400'000;
constexpr UnixMillis kNow{1'735'689'800'000};

UnixMillis Before(int64_t millis) { return {kNow.value - millis}; }
UnixMillis After(int64_t millis) { return {kNow.value + millis}; }

TEST(ClockCorrection, ARightClockIsTakenAtItsWord) {
  EXPECT_EQ(Corrected(Before(5000), kNow, kNow), Before(5000));
}

TEST(ClockCorrection, ASlowClockIsMovedForward) {
  // Edited 5 s before it was sent, on a clock a day behind.
  EXPECT_EQ(Corrected(Before(kDay + 5000), Before(kDay), kNow), Before(5000));
}

TEST(ClockCorrection, AFastClockIsMovedBack) {
  EXPECT_EQ(Corrected(After(kDay - 5000), After(kDay), kNow), Before(5000));
}

TEST(ClockCorrection, NothingIsShiftedWhenTheClientDoesNotTellItsTime) {
  EXPECT_EQ(Corrected(Before(kDay), std::nullopt, kNow), Before(kDay));
}

TEST(ClockCorrection, NoEditIsFromTheFuture) {
  EXPECT_EQ(Corrected(After(1), std::nullopt, kNow), kNow);
  EXPECT_EQ(Corrected(After(kDay), kNow, kNow), kNow);
  EXPECT_EQ(Corrected({kUnixMillisMax}, UnixMillis{0}, kNow), kNow);
}

TEST(ClockCorrection, NoEditIsFromBeforeTimeBegan) {
  EXPECT_EQ(Corrected({5}, After(kDay), kNow), UnixMillis{0});
  EXPECT_EQ(Corrected({0}, UnixMillis{kUnixMillisMax}, kNow), UnixMillis{0});
}

}  // namespace
}  // namespace tidemark::sync
