#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "bench/load/crowd.h"

namespace tidemark::bench {
namespace {

using testing::Contains;
using testing::Each;
using testing::Not;
using testing::SizeIs;

std::vector<std::size_t> OneRound(Crowd& crowd) {
  std::vector<std::size_t> users;
  for (std::size_t i = 0; i < crowd.size(); ++i) {
    users.push_back(*crowd.Take());
    crowd.GiveBack(users.back());
  }
  return users;
}

TEST(BenchCrowd, EachActsOnceInARoundWhateverTheNumber) {
  for (std::size_t users : {1, 2, 3, 4, 10, 64, 97, 1000}) {
    Crowd crowd({.users = users}, 5);
    const std::vector<std::size_t> round = OneRound(crowd);
    EXPECT_THAT(std::set<std::size_t>(round.begin(), round.end()), SizeIs(users)) << users;
  }
}

TEST(BenchCrowd, NobodyIsUsedTwiceAtOnce) {
  Crowd crowd({.users = 3}, 0);
  std::set<std::size_t> used = {*crowd.Take(), *crowd.Take(), *crowd.Take()};
  EXPECT_THAT(used, SizeIs(3));
  EXPECT_EQ(crowd.Take(), std::nullopt);
  crowd.GiveBack(1);
  EXPECT_EQ(crowd.Take(), 1u);
}

TEST(BenchCrowd, PartsShareNobodyAndLeaveNobodyOut) {
  std::set<std::size_t> all;
  for (std::size_t thread : {0, 1, 2}) {
    Crowd part({.users = 10, .first = thread, .step = 3}, thread);
    for (std::size_t user : OneRound(part)) EXPECT_TRUE(all.insert(user).second) << user;
  }
  EXPECT_THAT(all, SizeIs(10));
  EXPECT_THAT(all, Each(testing::Lt(10u)));
}

TEST(BenchCrowd, ARunThatStartsElsewhereBeginsWithOthers) {
  Crowd first({.users = 100}, 0), second({.users = 100}, 50);
  EXPECT_NE(first.Take(), second.Take());
}

TEST(BenchCrowd, NeighboursDoNotFollowEachOther) {
  Crowd crowd({.users = 100}, 0);
  const std::vector<std::size_t> round = OneRound(crowd);
  std::vector<std::size_t> gaps;
  for (std::size_t i = 1; i < round.size(); ++i) {
    gaps.push_back(round[i] > round[i - 1] ? round[i] - round[i - 1] : round[i - 1] - round[i]);
  }
  EXPECT_THAT(gaps, Not(Contains(1u)));
}

TEST(BenchCrowd, NobodyIsInAPartBeyondTheLast) {
  Crowd crowd({.users = 2, .first = 2, .step = 3}, 0);
  EXPECT_EQ(crowd.size(), 0u);
  EXPECT_EQ(crowd.Take(), std::nullopt);
}

}  // namespace
}  // namespace tidemark::bench
