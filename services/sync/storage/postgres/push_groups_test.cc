#include "services/sync/storage/postgres/push_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using enum PushGroups::Added;

PushQuery Naming(std::size_t tasks) {
  PushQuery query;
  query.tasks.assign(tasks, TaskId("t"));
  return query;
}

class PushGroupsTest : public testing::Test {
 protected:
  PushGroups::Added Add(const std::string& user, std::size_t tasks = 1) {
    auto push = std::make_unique<WaitingPush>();
    push->user = UserId(user);
    push->query = Naming(tasks);
    return groups_.Add(push);
  }
  PushGroups::Added AddMany(std::size_t pushes) {
    PushGroups::Added last = kFull;
    while (pushes-- > 0) last = Add("user " + std::to_string(++users_));
    return last;
  }

  // Whose pushes the next group holds.
  std::vector<std::string> Take() {
    std::vector<std::string> users;
    for (const auto& push : groups_.Take()) users.push_back(push->user.value());
    return users;
  }

  PushGroups groups_{1'000};
  int users_ = 0;
};

TEST_F(PushGroupsTest, TheFirstPushStartsAJobAndIsAGroup) {
  EXPECT_EQ(Add("ada"), kStart);
  EXPECT_THAT(Take(), ElementsAre("ada"));
  EXPECT_FALSE(groups_.Done());
  EXPECT_EQ(Add("ada"), kStart);
}

TEST_F(PushGroupsTest, WhoeverComesMeanwhileWaitsForTheNextGroup) {
  EXPECT_EQ(Add("ada"), kStart);
  EXPECT_EQ(Add("bob"), kWaits);
  EXPECT_THAT(Take(), ElementsAre("ada", "bob"));
  EXPECT_EQ(Add("cyd"), kWaits);
  EXPECT_EQ(Add("dan"), kWaits);
  EXPECT_TRUE(groups_.Done());
  EXPECT_THAT(Take(), ElementsAre("cyd", "dan"));
  EXPECT_FALSE(groups_.Done());
}

TEST_F(PushGroupsTest, AJobMoreBeginsWhereAGroupMoreWaitsAndEndsWithIt) {
  EXPECT_EQ(Add("ada"), kStart);
  EXPECT_THAT(Take(), ElementsAre("ada"));
  EXPECT_EQ(AddMany(PushGroups::kPushesMax - 1), kWaits);
  EXPECT_EQ(AddMany(1), kStart);
  EXPECT_EQ(AddMany(PushGroups::kPushesMax - 1), kWaits);
  EXPECT_EQ(AddMany(1), kStart) << "a third";
  EXPECT_TRUE(groups_.Done());
  EXPECT_THAT(Take(), SizeIs(PushGroups::kPushesMax));
  EXPECT_FALSE(groups_.Done()) << "two are enough for what still waits";
  EXPECT_TRUE(groups_.Done());
  EXPECT_THAT(Take(), SizeIs(PushGroups::kPushesMax));
  EXPECT_FALSE(groups_.Done());
  EXPECT_FALSE(groups_.Done());
  EXPECT_EQ(Add("ada"), kStart) << "none was left";
}

TEST_F(PushGroupsTest, AJobMoreBeginsAlsoWhereFewPushesNameAsManyTasksAsAGroupHolds) {
  EXPECT_EQ(Add("ada"), kStart);
  EXPECT_THAT(Take(), ElementsAre("ada"));
  EXPECT_EQ(Add("bob", PushGroups::kTasksMax - 1), kWaits);
  EXPECT_EQ(Add("cyd", 1), kStart);
  EXPECT_THAT(Take(), ElementsAre("bob", "cyd"));
  EXPECT_FALSE(groups_.Done());
  EXPECT_EQ(Add("dan", 1), kWaits) << "what was taken is counted no more";
  EXPECT_TRUE(groups_.Done());
  EXPECT_THAT(Take(), ElementsAre("dan"));
  EXPECT_FALSE(groups_.Done());
}

TEST_F(PushGroupsTest, OfAUserOneIsTakenAndTheLongestWaiting) {
  Add("ada");
  Add("bob", 1);
  Add("bob", 2);
  Add("bob", 3);
  EXPECT_THAT(Take(), ElementsAre("ada", "bob"));
  EXPECT_EQ(groups_.Take().front()->query.tasks.size(), 2U);
  EXPECT_EQ(groups_.Take().front()->query.tasks.size(), 3U);
  EXPECT_THAT(Take(), IsEmpty());
}

TEST_F(PushGroupsTest, AGroupIsBounded) {
  AddMany(PushGroups::kPushesMax + 1);
  EXPECT_THAT(Take(), SizeIs(PushGroups::kPushesMax));
  EXPECT_THAT(Take(), SizeIs(1));
}

TEST_F(PushGroupsTest, AllPushesOfAGroupNameABoundedNumberOfTasks) {
  Add("ada", PushGroups::kTasksMax / 2);
  Add("bob", PushGroups::kTasksMax);
  Add("cyd", PushGroups::kTasksMax / 2);
  Add("dan", 1);
  EXPECT_THAT(Take(), ElementsAre("ada", "cyd"));
  EXPECT_THAT(Take(), ElementsAre("bob"));
  EXPECT_THAT(Take(), ElementsAre("dan"));
}

TEST_F(PushGroupsTest, NoPushOvertakesOneOfItsUserThatDoesNotFit) {
  Add("ada", 1);
  Add("bob", PushGroups::kTasksMax);
  Add("bob", 1);
  EXPECT_THAT(Take(), ElementsAre("ada"));
  EXPECT_EQ(groups_.Take().front()->query.tasks.size(), PushGroups::kTasksMax);
  EXPECT_EQ(groups_.Take().front()->query.tasks.size(), 1U);
}

TEST_F(PushGroupsTest, NoMoreWaitThanMay) {
  PushGroups groups(2);
  auto push = [] { return std::make_unique<WaitingPush>(); };
  std::unique_ptr<WaitingPush> first = push(), second = push(), third = push();
  EXPECT_EQ(groups.Add(first), kStart);
  EXPECT_EQ(groups.Add(second), kWaits);
  EXPECT_EQ(groups.Add(third), kFull);
  EXPECT_NE(third, nullptr);
  EXPECT_EQ(groups.waiting(), 2u);
  EXPECT_EQ(groups.refused(), 1);
  groups.Take();
  EXPECT_EQ(groups.Add(third), kWaits);
}

TEST_F(PushGroupsTest, TheLoadIsWhatWaitsAsAShareOfAGroup) {
  EXPECT_EQ(groups_.load(), 0);
  AddMany(PushGroups::kPushesMax / 2);
  EXPECT_EQ(groups_.load(), 0.5);
  AddMany(PushGroups::kPushesMax * 2);
  EXPECT_EQ(groups_.load(), 1);
}

// As long as each job that is due is started, whatever comes between its steps.
TEST_F(PushGroupsTest, EachPushIsTakenOnce) {
  std::map<std::pair<std::string, std::size_t>, int> taken;
  int due = 0, running = 0, left = 3'000;
  for (int step = 0; left > 0 || due > 0 || running > 0; ++step) {
    if (left > 0 && step % 4 != 0) {
      const std::size_t tasks = 1 + static_cast<std::size_t>(left % 30);
      due += Add("user " + std::to_string(left % 70), tasks) == kStart;
      --left;
    } else if (due > 0 && step % 3 != 0) {
      --due, ++running;
      for (const auto& push : groups_.Take()) ++taken[{push->user.value(), push->query.tasks.size()}];
    } else if (running > 0) {
      --running;
      due += groups_.Done();
    }
  }
  int pushes = 0;
  for (const auto& [push, times] : taken) pushes += times;
  EXPECT_EQ(pushes, 3'000);
  EXPECT_THAT(Take(), IsEmpty());
}

struct Query {
  std::string name;
  PushQuery query;
  bool may_share;
};

class MayShareTest : public testing::TestWithParam<Query> {};

TEST_P(MayShareTest, TellsWhatKeepsOthersWaiting) {
  EXPECT_EQ(MayShare(GetParam().query), GetParam().may_share);
}

std::vector<Query> Queries() {
  PushQuery held, heard, all, none_of_all;
  held.held_at = Stamp{1};
  heard.heard_of = {DeviceId("phone")};
  all.delta.rows_max = 100;
  return {{"Small", Naming(PushGroups::kTasksMax), true},
          {"Large", Naming(PushGroups::kTasksMax + 1), false},
          {"ReadsHeldValues", held, false},
          {"ReadsHistory", heard, false},
          {"ReadsAllTasks", all, false},
          {"ReadsNothing", none_of_all, true}};
}

INSTANTIATE_TEST_SUITE_P(Of, MayShareTest, testing::ValuesIn(Queries()),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace tidemark::sync
