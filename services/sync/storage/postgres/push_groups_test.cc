#include "services/sync/storage/postgres/push_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Waiting = std::shared_ptr<WaitingPush>;

class PushGroupsTest : public testing::Test {
 protected:
  Waiting Add(const std::string& user, PushQuery query = {}) {
    auto push = std::make_shared<WaitingPush>();
    push->user = UserId(user);
    push->query = std::move(query);
    groups_.Add(push);
    return push;
  }

  static PushQuery Naming(std::size_t tasks) {
    PushQuery query;
    query.tasks.assign(tasks, TaskId("t"));
    return query;
  }

  PushGroups groups_;
};

TEST_F(PushGroupsTest, APushThatWaitsAloneIsAGroup) {
  const Waiting ada = Add("ada");
  EXPECT_THAT(groups_.TakeWith(ada), ElementsAre(ada));
}

TEST_F(PushGroupsTest, PushesOfDifferentUsersShareOneAndTheirOwnJobsFindNothing) {
  const Waiting ada = Add("ada"), bob = Add("bob"), cyd = Add("cyd");
  EXPECT_THAT(groups_.TakeWith(ada), ElementsAre(ada, bob, cyd));
  EXPECT_THAT(groups_.TakeWith(bob), IsEmpty());
  EXPECT_FALSE(groups_.Take(cyd));
}

TEST_F(PushGroupsTest, OfAUserOneIsTakenAndTheLongestWaiting) {
  const Waiting ada = Add("ada"), first = Add("bob"), second = Add("bob"), third = Add("bob");
  EXPECT_THAT(groups_.TakeWith(ada), ElementsAre(ada, first));
  EXPECT_THAT(groups_.TakeWith(first), IsEmpty());
  EXPECT_THAT(groups_.TakeWith(second), ElementsAre(second));
  EXPECT_THAT(groups_.TakeWith(third), ElementsAre(third));
}

TEST_F(PushGroupsTest, AGroupIsBounded) {
  std::vector<Waiting> pushes;
  for (std::size_t i = 0; i < PushGroups::kPushesMax + 1; ++i) pushes.push_back(Add(std::to_string(i)));
  EXPECT_EQ(groups_.TakeWith(pushes.front()).size(), PushGroups::kPushesMax);
  EXPECT_THAT(groups_.TakeWith(pushes.back()), ElementsAre(pushes.back()));
}

TEST_F(PushGroupsTest, AllPushesOfAGroupNameABoundedNumberOfTasks) {
  const Waiting ada = Add("ada", Naming(PushGroups::kTasksMax / 2)),
                bob = Add("bob", Naming(PushGroups::kTasksMax)),
                cyd = Add("cyd", Naming(PushGroups::kTasksMax / 2)), dan = Add("dan", Naming(1));
  EXPECT_THAT(groups_.TakeWith(ada), ElementsAre(ada, cyd));
  EXPECT_THAT(groups_.TakeWith(bob), ElementsAre(bob));
  EXPECT_THAT(groups_.TakeWith(dan), ElementsAre(dan));
}

TEST_F(PushGroupsTest, NoPushOvertakesOneOfItsUserThatDoesNotFit) {
  const Waiting ada = Add("ada", Naming(1)), large = Add("bob", Naming(PushGroups::kTasksMax)),
                small = Add("bob");
  EXPECT_THAT(groups_.TakeWith(ada), ElementsAre(ada));
  EXPECT_THAT(groups_.TakeWith(large), ElementsAre(large));
  EXPECT_THAT(groups_.TakeWith(small), ElementsAre(small));
}

TEST_F(PushGroupsTest, WhatReadsHistoryOrAllTasksOrIsLargeGoesAlone) {
  PushQuery held, heard, all;
  held.held_at = Stamp{1};
  heard.heard_of = {DeviceId("phone")};
  all.delta.rows_max = 100;
  for (const PushQuery& query : {held, heard, all, Naming(PushGroups::kTasksMax + 1)}) {
    const Waiting ada = Add("ada"), bob = Add("bob", query);
    EXPECT_THAT(groups_.TakeWith(ada), ElementsAre(ada));
    const Waiting cyd = Add("cyd");
    EXPECT_THAT(groups_.TakeWith(bob), ElementsAre(bob));
    EXPECT_THAT(groups_.TakeWith(cyd), ElementsAre(cyd));
  }
}

TEST_F(PushGroupsTest, WhatIsPutBackGoesAloneByTheJobThatStillWaitsOrByANewOne) {
  const Waiting ada = Add("ada"), bob = Add("bob"), cyd = Add("cyd");
  EXPECT_THAT(groups_.TakeWith(ada), ElementsAre(ada, bob, cyd));
  EXPECT_THAT(groups_.TakeWith(bob), IsEmpty());
  EXPECT_FALSE(groups_.PutBack(cyd)) << "its job has not begun";
  EXPECT_TRUE(groups_.PutBack(bob));
  EXPECT_TRUE(groups_.PutBack(ada));
  const Waiting dan = Add("dan");
  for (const Waiting& push : {cyd, dan, ada, bob}) EXPECT_THAT(groups_.TakeWith(push), ElementsAre(push));
}

TEST_F(PushGroupsTest, WhatIsPutBackIsNotOvertakenByItsUsersLaterOnes) {
  const Waiting ada = Add("ada"), later = Add("ada"), bob = Add("bob");
  EXPECT_THAT(groups_.TakeWith(ada), ElementsAre(ada, bob));
  groups_.PutBack(ada);
  const Waiting cyd = Add("cyd");
  EXPECT_THAT(groups_.TakeWith(cyd), ElementsAre(cyd));
}

TEST_F(PushGroupsTest, WhoseJobNeverBeganIsTakenUnlessItWasTakenAlong) {
  const Waiting ada = Add("ada"), bob = Add("bob"), other = Add("ada");
  EXPECT_TRUE(groups_.Take(ada));
  EXPECT_THAT(groups_.TakeWith(other), ElementsAre(other, bob));
  EXPECT_FALSE(groups_.Take(bob));
  EXPECT_TRUE(groups_.PutBack(bob)) << "its job is over";
}

TEST_F(PushGroupsTest, WhicheverJobBeginsEachPushIsTakenOnce) {
  std::vector<Waiting> pushes;
  pushes.reserve(100);
  for (int i = 0; i < 100; ++i) pushes.push_back(Add("user " + std::to_string(i % 7), Naming(i % 20)));
  std::multiset<WaitingPush*> taken;
  for (std::size_t i = 0; i < pushes.size(); ++i) {
    for (const Waiting& push : groups_.TakeWith(pushes[i * 37 % pushes.size()])) taken.insert(push.get());
  }
  EXPECT_EQ(taken.size(), pushes.size());
  EXPECT_EQ(std::set<WaitingPush*>(taken.begin(), taken.end()).size(), pushes.size());
}

}  // namespace
}  // namespace tidemark::sync
