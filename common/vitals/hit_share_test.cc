#include "common/vitals/hit_share.h"

#include <gtest/gtest.h>

namespace tidemark::vitals {
namespace {

TEST(HitShare, IsOfTheLastHoursReads) {
  ManualClock clock(UnixMillis{1'735'732'800'000});
  HitShare share(clock);
  share.Note(false);
  clock.AdvanceMillis(30 * kMinuteMillis);
  share.Note(true);
  share.Note(true);
  EXPECT_EQ(share.InLastHour().all, 3);
  EXPECT_EQ(share.InLastHour().hits, 2);
  clock.AdvanceMillis(30 * kMinuteMillis);
  EXPECT_EQ(share.InLastHour().all, 2) << "the first is an hour old";
}

}  // namespace
}  // namespace tidemark::vitals
