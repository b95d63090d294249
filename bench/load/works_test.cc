#include "bench/load/works.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "bench/users/failed.h"

namespace tidemark::bench {
namespace {

using testing::ElementsAre;

class WorksTest : public testing::Test {
 protected:
  WorksTest() {
    UsersFileWriter writer(path_, {.epoch = "e1", .tasks = 3});
    writer.Add("00000000-0000-4000-8000-000000000001", {.live_count = 3, .cursor = 100, .version_sum = 3},
               "token");
    writer.Close();
    users_.emplace(path_);
  }
  ~WorksTest() override { std::filesystem::remove(path_); }

  std::unique_ptr<Work> WorkNamed(const std::string& name, int64_t changes = 1) {
    return NewWork({.name = name, .changes = changes, .limit = 10}, *users_);
  }
  Outcome Hear(Work& work, const Reply& reply) {
    Ask ask = work.Begin(0);
    return work.Hear(0, reply, ask);
  }

  const std::string path_ =
      testing::TempDir() + "works-" + testing::UnitTest::GetInstance()->current_test_info()->name();
  std::optional<UsersFile> users_;
};

TEST_F(WorksTest, ACheckWantsA304AndAStaleOneA200) {
  const auto check = WorkNamed("check");
  EXPECT_EQ(check->Begin(0).if_none_match, "\"3-100-3\"");
  EXPECT_EQ(Hear(*check, {.ok = true, .not_modified = true}), Outcome::kDone);
  EXPECT_EQ(Hear(*check, {.ok = true, .not_modified = false}), Outcome::kUnexpected);
  const auto stale = WorkNamed("stale-check");
  EXPECT_NE(stale->Begin(0).if_none_match, "\"3-100-3\"");
  EXPECT_EQ(Hear(*stale, {.ok = true, .not_modified = false}), Outcome::kDone);
  EXPECT_EQ(Hear(*stale, {.ok = true, .not_modified = true}), Outcome::kUnexpected);
}

TEST_F(WorksTest, ADeviceGoesOnFromItsAnswer) {
  const auto sync = WorkNamed("sync");
  Ask ask = sync->Begin(0);
  EXPECT_EQ(ask.cursor, 100);
  EXPECT_EQ(ask.acked, 3);
  EXPECT_THAT(ask.edits, ElementsAre(Edit{.task = 1, .version = 2, .mutation = 4}));
  EXPECT_EQ(sync->Hear(0, {.ok = true, .etag = "\"3-107-4\"", .complete = true}, ask), Outcome::kDone);
  EXPECT_EQ(users_->StateOf(0), (DeviceState{.live_count = 3, .cursor = 107, .version_sum = 4, .edits = 1}));
  ask = sync->Begin(0);
  EXPECT_EQ(ask.cursor, 107);
  EXPECT_EQ(ask.acked, 4);
}

TEST_F(WorksTest, ANumberIsNotUsedAgainWhenNoAnswerCame) {
  const auto sync = WorkNamed("sync");
  EXPECT_EQ(sync->Begin(0).edits[0].mutation, 4);
  EXPECT_EQ(WorkNamed("sync")->Begin(0).edits[0].mutation, 5);
}

TEST_F(WorksTest, APushCarriesAsManyChangesAsWereAskedFor) {
  const Ask ask = WorkNamed("push", 4)->Begin(0);
  EXPECT_THAT(ask.edits, ElementsAre(Edit{.task = 1, .version = 2, .mutation = 4},
                                     Edit{.task = 2, .version = 2, .mutation = 5},
                                     Edit{.task = 3, .version = 2, .mutation = 6},
                                     Edit{.task = 1, .version = 3, .mutation = 7}));
}

TEST_F(WorksTest, APushThatWasNotStoredWholeIsUnexpected) {
  const auto sync = WorkNamed("sync");
  EXPECT_EQ(Hear(*sync, {.ok = true, .etag = "\"3-107-4\"", .complete = false}), Outcome::kUnexpected);
  EXPECT_EQ(Hear(*sync, {.ok = true, .etag = "\"3-107-4\"", .complete = true, .has_more = true}),
            Outcome::kUnexpected);
  EXPECT_EQ(Hear(*sync, {.ok = true, .etag = "", .complete = true}), Outcome::kUnexpected);
  EXPECT_EQ(users_->StateOf(0).cursor, 100);
}

TEST_F(WorksTest, AFirstPullGoesOnUntilThereIsNoMore) {
  const auto pull = WorkNamed("first-pull");
  Ask ask = pull->Begin(0);
  EXPECT_EQ(ask.cursor, 0);
  EXPECT_EQ(pull->Hear(0, {.ok = true, .complete = true, .has_more = true, .page = "p2"}, ask),
            Outcome::kMore);
  EXPECT_EQ(ask.page, "p2");
  EXPECT_EQ(pull->Hear(0, {.ok = true, .complete = true}, ask), Outcome::kDone);
}

TEST_F(WorksTest, AWorkThatIsNotKnownIsRefused) { EXPECT_THROW(WorkNamed("checks"), Failed); }

}  // namespace
}  // namespace tidemark::bench
