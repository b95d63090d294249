#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <iostream>
#include <string>

#include "tests/model/explore.h"

namespace tidemark::model {

void PrintTo(const PlantedMistake& planted, std::ostream* out) { *out << planted.name; }

namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

void ExpectNoLawBroken(const Budget& budget) {
  const Exploration found = Explore(budget);
  std::cout << found.states << " states, " << found.transitions << " steps\n";
  EXPECT_GT(found.states, 50'000);
  EXPECT_FALSE(found.broken) << Format(*found.broken);
}

TEST(CacheModelTest, TwoPushesAFlushACrashAndARefusalLeaveNoAnswerStale) { ExpectNoLawBroken({}); }

TEST(CacheModelTest, ThreePushesAFlushAndACrashLeaveNoAnswerStale) {
  ExpectNoLawBroken({.pushes = 3, .refusals = 0});
}

TEST(CacheModelTest, PushesOfACacheThatIsOffForTheDayLeaveNoAnswerStale) {
  ExpectNoLawBroken({.pushes = 3, .refusals = 0, .off_fences = 2});
}

TEST(CacheModelTest, ACounterexampleTellsWhoDidWhatAndHowThingsWereThen) {
  const Exploration found = Explore({}, Mistake::kLostCacheIsWarm);
  ASSERT_TRUE(found.broken);
  EXPECT_THAT(found.broken->steps.front(), StartsWith("writer 1 begins  "));
  EXPECT_THAT(found.broken->steps.back(), HasSubstr(" answers from the cache  "));
  EXPECT_THAT(found.broken->steps.back(), EndsWith("  head 1, generation 0; cache 0: head 0"));
}

class PlantedMistakeTest : public testing::TestWithParam<PlantedMistake> {};

TEST_P(PlantedMistakeTest, IsFoundByAShortestWay) {
  const Exploration found =
      Explore({.pushes = GetParam().pushes, .off_fences = GetParam().off_fences}, GetParam().mistake);
  ASSERT_TRUE(found.broken) << "missed in " << found.states << " states";
  EXPECT_EQ(found.broken->law, GetParam().law) << Format(*found.broken);
  EXPECT_EQ(found.broken->steps.size(), GetParam().steps) << Format(*found.broken);
}

std::string TestName(const testing::TestParamInfo<PlantedMistake>& info) {
  std::string name;
  for (const char c : info.param.name) name += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Model, PlantedMistakeTest, testing::ValuesIn(PlantedMistakes()), TestName);

}  // namespace
}  // namespace tidemark::model
