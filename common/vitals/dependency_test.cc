#include "common/vitals/dependency.h"

#include <gtest/gtest.h>

namespace tidemark::vitals {
namespace {

class DependencyTest : public testing::Test {
 protected:
  v1::DependencyStatus Told() const {
    v1::DependencyStatus message;
    dependency_.Tell(message);
    return message;
  }

  ManualClock clock_{UnixMillis{1'000}};
  Dependency dependency_{"redis", clock_};
};

TEST_F(DependencyTest, IsUnknownUntilItWasAsked) {
  EXPECT_EQ(Told().name(), "redis");
  EXPECT_EQ(Told().state(), v1::DEPENDENCY_STATE_UNSPECIFIED);
}

TEST_F(DependencyTest, IsInAStateSinceItWasFirstFoundInIt) {
  clock_.AdvanceMillis(500);
  dependency_.Note(true);
  clock_.AdvanceMillis(500);
  dependency_.Note(true);
  EXPECT_EQ(Told().state(), v1::DEPENDENCY_STATE_ANSWERS);
  EXPECT_EQ(Told().since(), 1'500);
}

TEST_F(DependencyTest, AnOutageAndItsEndEachBeginAnew) {
  dependency_.Note(true);
  clock_.AdvanceMillis(500);
  dependency_.Note(false);
  EXPECT_EQ(Told().state(), v1::DEPENDENCY_STATE_AWAY);
  EXPECT_EQ(Told().since(), 1'500);
  clock_.AdvanceMillis(500);
  dependency_.Note(true);
  EXPECT_EQ(Told().state(), v1::DEPENDENCY_STATE_ANSWERS);
  EXPECT_EQ(Told().since(), 2'000);
}

}  // namespace
}  // namespace tidemark::vitals
