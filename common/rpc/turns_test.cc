#include "common/rpc/turns.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace tidemark::rpc {
namespace {

Turns Of(size_t count, size_t first = 0) {
  Turns turns(first);
  for (size_t i = 0; i < count; ++i) {
    turns.Add();
    turns.Open(i);
  }
  return turns;
}

// To whom each of `bunches` goes whole; how much each of `count` was given.
std::vector<int> Shares(Turns& turns, size_t count, const std::vector<int>& bunches) {
  std::vector<int> shares(count, 0);
  for (const int bunch : bunches) {
    const size_t next = turns.Next().value();
    for (int i = 0; i < bunch; ++i) turns.Give(next);
    shares[next] += bunch;
  }
  return shares;
}

TEST(Turns, NobodyIsNextWhereAllAreClosed) {
  Turns turns(0);
  EXPECT_EQ(turns.Next(), std::nullopt);
  turns.Add();
  EXPECT_EQ(turns.Next(), std::nullopt);
  turns.Open(0);
  turns.Close(0);
  EXPECT_EQ(turns.Next(), std::nullopt);
}

TEST(Turns, EachIsGivenAsMuchAsTheOthers) {
  Turns turns = Of(3);
  EXPECT_EQ(Shares(turns, 3, std::vector<int>(300, 1)), (std::vector<int>{100, 100, 100}));
}

TEST(Turns, WorkThatComesInBunchesOfChangingSizeIsSharedEvenly) {
  Turns turns = Of(2);
  std::vector<int> bunches;
  for (int i = 0; i < 1000; ++i) bunches.push_back(i % 2 == 0 ? 9 : 1);
  const std::vector<int> shares = Shares(turns, 2, bunches);
  EXPECT_LE(std::abs(shares[0] - shares[1]), 9);
}

TEST(Turns, AmongEqualsTheFirstIsTheOneThatWasNamed) {
  Turns turns = Of(3, /*first=*/4);
  EXPECT_EQ(turns.Next(), 1u);
  turns.Give(1);
  EXPECT_EQ(turns.Next(), 2u);
  turns.Give(2);
  EXPECT_EQ(turns.Next(), 0u);
}

TEST(Turns, WhoIsClosedIsPassedOver) {
  Turns turns = Of(3);
  turns.Close(1);
  EXPECT_EQ(Shares(turns, 3, std::vector<int>(100, 1)), (std::vector<int>{50, 0, 50}));
}

TEST(Turns, WhoComesLaterGetsItsShareFromThenOnAndNoMore) {
  Turns turns = Of(2);
  Shares(turns, 2, std::vector<int>(1000, 1));
  turns.Add();
  turns.Open(2);
  EXPECT_EQ(Shares(turns, 3, std::vector<int>(300, 1)), (std::vector<int>{100, 100, 100}));
}

TEST(Turns, WhoWasAwayDoesNotMakeUpForIt) {
  Turns turns = Of(2);
  turns.Close(0);
  Shares(turns, 2, std::vector<int>(1000, 1));
  turns.Open(0);
  EXPECT_EQ(Shares(turns, 2, std::vector<int>(100, 1)), (std::vector<int>{50, 50}));
}

TEST(Turns, WhoWorkedAloneIsNotSparedWhenItComesBackToOthers) {
  Turns turns = Of(1);
  Shares(turns, 1, std::vector<int>(1000, 1));
  turns.Close(0);
  turns.Add();
  turns.Open(1);
  turns.Open(0);
  EXPECT_EQ(Shares(turns, 2, std::vector<int>(100, 1)), (std::vector<int>{50, 50}));
}

TEST(Turns, WhoIsRemovedLeavesTheOthersAsTheyWere) {
  Turns turns = Of(3);
  turns.Give(0);
  turns.Close(1);
  turns.Remove(0);
  EXPECT_FALSE(turns.IsOpen(0));
  EXPECT_TRUE(turns.IsOpen(1));
  EXPECT_EQ(turns.Next(), 1u);
}

}  // namespace
}  // namespace tidemark::rpc
