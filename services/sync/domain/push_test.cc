#include "services/sync/domain/push.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/sync/domain/limits.h"
#include "services/sync/domain/test_edit.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr UnixMillis kNow{1000};

PushRequest Request(std::vector<Change> changes) {
  PushRequest request;
  request.changes = std::move(changes);
  request.device = kPhone;
  request.now = kNow;
  return request;
}

// What is stored after each of `pushes` was applied, one after the other.
PushState After(std::initializer_list<PushRequest> pushes) {
  PushState state;
  for (const PushRequest& push : pushes) state = ApplyPush(push, state).state;
  return state;
}

Edit Milk(std::string id) { return Edit(std::move(id)).At(10).Content("milk"); }

std::vector<std::string> Codes(const PushResult& result) {
  std::vector<std::string> codes;
  for (const Rejection& rejection : result.rejected) codes.push_back(rejection.code);
  return codes;
}

TEST(Push, GivesEachTaskAStampOfItsOwn) {
  const PushResult result = ApplyPush(Request({Milk("a"), Milk("b"), Milk("c")}), {});
  EXPECT_EQ(result.state.tasks.at(TaskId("a")).stamp, Stamp{1000});
  EXPECT_EQ(result.state.tasks.at(TaskId("b")).stamp, Stamp{1001});
  EXPECT_EQ(result.state.tasks.at(TaskId("c")).stamp, Stamp{1002});
  EXPECT_EQ(result.state.head.high_water, Stamp{1002});
}

TEST(Push, StampsRiseWhenTheClockStandsOrGoesBack) {
  const PushState state = After({Request({Milk("a")}), Request({Milk("b")})});
  EXPECT_EQ(state.head.high_water, Stamp{1001});
  PushRequest earlier = Request({Milk("c")});
  earlier.now = {5};
  EXPECT_EQ(ApplyPush(earlier, state).state.head.high_water, Stamp{1002});
}

TEST(Push, StampsFollowTheClock) {
  PushRequest later = Request({Milk("b")});
  later.now = {5000};
  EXPECT_EQ(After({Request({Milk("a")}), later}).head.high_water, Stamp{5000});
}

TEST(Push, TwoEditsOfOneTaskHaveTwoStamps) {
  const PushResult result = ApplyPush(Request({Milk("a"), Edit("a").At(11).Completed()}), {});
  EXPECT_EQ(result.state.tasks.at(TaskId("a")).fields[Field::kContent].stamp, Stamp{1000});
  EXPECT_EQ(result.state.tasks.at(TaskId("a")).fields[Field::kCompleted].stamp, Stamp{1001});
}

TEST(Push, CountsLivingTasksAndSumsTheirVersions) {
  const PushState made = After({Request({Milk("a"), Milk("b").Version(5)})});
  EXPECT_EQ(made.head.live_count, 2);
  EXPECT_EQ(made.head.version_sum, 6);
  const PushState edited = ApplyPush(Request({Edit("a").Version(2).Completed()}), made).state;
  EXPECT_EQ(edited.head.live_count, 2);
  EXPECT_EQ(edited.head.version_sum, 7);
  const PushState deleted = ApplyPush(Request({Edit("b").Version(6).Deleted()}), edited).state;
  EXPECT_EQ(deleted.head.live_count, 1);
  EXPECT_EQ(deleted.head.version_sum, 2);
  const PushState edited_dead = ApplyPush(Request({Edit("b").Version(7).Pinned()}), deleted).state;
  EXPECT_EQ(edited_dead.head.live_count, 1);
  EXPECT_EQ(edited_dead.head.version_sum, 2);
  const PushState restored = ApplyPush(Request({Edit("b").Version(8).Alive()}), edited_dead).state;
  EXPECT_EQ(restored.head.live_count, 2);
  EXPECT_EQ(restored.head.version_sum, 10);
}

TEST(Push, WhatIsStoredAsSentIsWrittenAndNotTold) {
  const PushResult result = ApplyPush(Request({Milk("a")}), {});
  EXPECT_THAT(result.written, ElementsAre(TaskId("a")));
  EXPECT_THAT(result.told, IsEmpty());
}

TEST(Push, WhatChangesNothingIsToldUsesNoStampAndIsNotWritten) {
  const PushState state = After({Request({Milk("a")})});
  const PushResult result = ApplyPush(Request({Milk("a").Version(2)}), state);
  EXPECT_THAT(result.told, ElementsAre(TaskId("a")));
  EXPECT_THAT(result.written, IsEmpty());
  EXPECT_EQ(result.state.head, state.head);
}

TEST(Push, ALostConflictRaisesHighWaterThoughNoRowChanges) {
  const PushState state = After({Request({Milk("a")})});
  const PushResult result = ApplyPush(Request({Edit("a").By(kLaptop).At(5).Content("bread")}), state);
  EXPECT_THAT(result.written, IsEmpty());
  EXPECT_THAT(result.told, ElementsAre(TaskId("a")));
  ASSERT_EQ(result.conflicts.size(), 1u);
  EXPECT_EQ(result.conflicts[0].at, Stamp{1001});
  EXPECT_EQ(result.state.head.high_water, Stamp{1001});
  EXPECT_EQ(result.state.tasks.at(TaskId("a")).stamp, Stamp{1000});
  EXPECT_EQ(result.history.size(), 1u);
}

TEST(Push, AnEditOfNothingWithoutContentIsUnknown) {
  const PushResult result = ApplyPush(Request({Edit("a").Completed(), Edit("b").Alive()}), {});
  EXPECT_THAT(Codes(result), ElementsAre("unknown_task", "unknown_task"));
  EXPECT_THAT(result.written, IsEmpty());
  EXPECT_EQ(result.state.head, Head{});
}

TEST(Push, ADeletionOfNothingIsAcceptedDoesNothingAndIsTold) {
  const PushResult result = ApplyPush(Request({Edit("a").Deleted(), Milk("b").Deleted()}), {});
  EXPECT_THAT(result.rejected, IsEmpty());
  EXPECT_THAT(result.told, ElementsAre(TaskId("a"), TaskId("b")));
  EXPECT_THAT(result.state.tasks, IsEmpty());
  EXPECT_EQ(result.state.head, Head{});
}

TEST(Push, ARejectedChangeLeavesTheRestStored) {
  const PushResult result = ApplyPush(
      Request({Milk("a"), Milk("b").Content(std::string(kContentBytesMax + 1, 'x')), Milk("c")}), {});
  EXPECT_THAT(result.written, ElementsAre(TaskId("a"), TaskId("c")));
  ASSERT_THAT(Codes(result), ElementsAre("content_too_long"));
  EXPECT_EQ(result.rejected[0].id, TaskId("b"));
}

TEST(Push, AVersionMayBeAThousandAheadAndNoMore) {
  const PushState state = After({Request({Milk("a").Version(3)})});
  EXPECT_THAT(ApplyPush(Request({Edit("a").Version(1003).Pinned()}), state).rejected, IsEmpty());
  EXPECT_THAT(Codes(ApplyPush(Request({Edit("a").Version(1004).Pinned()}), state)),
              ElementsAre("bad_version"));
}

TEST(Push, AnOldCursorDecidesForAllChangesOfTheRequest) {
  const PushState state =
      After({Request({Milk("a")}), Request({Edit("a").Version(2).At(20).Content("eggs")})});
  PushRequest request = Request({Edit("a").By(kLaptop).Version(3).At(15).Content("bread")});
  EXPECT_THAT(ApplyPush(request, state).conflicts, IsEmpty());
  request.cursor = Stamp{1000};
  EXPECT_EQ(ApplyPush(request, state).conflicts.size(), 1u);
}

TEST(Push, WhatWasHeldAtTheCursorCountsAsUntouched) {
  PushState state = After({Request({Milk("a")}), Request({Edit("a").Version(2).At(20).Content("eggs")})});
  state.held[TaskId("a")][Field::kContent] = std::string("milk");
  PushRequest request = Request({Milk("a").By(kLaptop).At(99).Completed()});
  request.cursor = Stamp{1000};
  request.full_objects = true;
  const PushResult result = ApplyPush(request, state);
  EXPECT_THAT(result.conflicts, IsEmpty());
  EXPECT_EQ(ContentOf(result.state.tasks.at(TaskId("a"))), "eggs");
  EXPECT_THAT(result.told, ElementsAre(TaskId("a")));
}

// SPEC 5.6.

TEST(ExactlyOnce, ARetryChangesNothingAndIsTold) {
  const PushRequest push = Request({Milk("a").Number(1), Edit("a").Number(2).At(11).Completed()});
  const PushState state = After({push});
  const PushResult again = ApplyPush(push, state);
  EXPECT_EQ(again.state.head, state.head);
  EXPECT_EQ(again.state.tasks, state.tasks);
  EXPECT_THAT(again.written, IsEmpty());
  EXPECT_THAT(again.history, IsEmpty());
  EXPECT_THAT(again.told, ElementsAre(TaskId("a")));
}

TEST(ExactlyOnce, ARetryReportsNoConflictThoughOthersWroteInBetween) {
  const PushRequest push = Request({Edit("a").Number(1).Version(2).At(20).Content("bread")});
  const PushState state =
      After({Request({Milk("a")}), push, Request({Edit("a").By(kWeb).Version(3).At(30).Content("eggs")})});
  const PushResult again = ApplyPush(push, state);
  EXPECT_THAT(again.conflicts, IsEmpty());
  EXPECT_EQ(ContentOf(again.state.tasks.at(TaskId("a"))), "eggs");
  EXPECT_THAT(again.told, ElementsAre(TaskId("a")));
}

TEST(ExactlyOnce, ARetriedBatchAppliesWhatIsNewInIt) {
  const PushState state = After({Request({Milk("a").Number(1)})});
  const PushResult result = ApplyPush(Request({Milk("a").Number(1), Milk("b").Number(2)}), state);
  EXPECT_THAT(result.written, ElementsAre(TaskId("b")));
  EXPECT_THAT(result.told, ElementsAre(TaskId("a")));
}

TEST(ExactlyOnce, ARejectedChangeUsesUpItsNumberAndIsRejectedAgain) {
  const PushRequest push = Request({Edit("a").Number(1).Completed()});
  const PushState state = After({push});
  EXPECT_EQ(state.ledgers.at(kPhone).highest, MutationId{1});
  // Were it applied now, it would find its task.
  const PushState made = ApplyPush(Request({Milk("a").By(kWeb)}), state).state;
  const PushResult again = ApplyPush(push, made);
  EXPECT_THAT(Codes(again), ElementsAre("unknown_task"));
  EXPECT_EQ(again.rejected[0].mutation, MutationId{1});
  EXPECT_EQ(again.state.tasks, made.tasks);
}

TEST(ExactlyOnce, AClonedDeviceIsToldSoAndNothingIsStored) {
  const PushState state = After({Request({Milk("a").Number(1)})});
  const PushResult result = ApplyPush(Request({Milk("b").Number(1), Milk("c").Number(2)}), state);
  EXPECT_THAT(Codes(result), ElementsAre("device_forked"));
  EXPECT_EQ(result.rejected[0].id, TaskId("b"));
  EXPECT_THAT(result.written, ElementsAre(TaskId("c")));
}

TEST(ExactlyOnce, EachDeviceCountsForItself) {
  const PushState state = After({Request({Milk("a").Number(1)})});
  const PushResult result = ApplyPush(Request({Milk("b").By(kLaptop).Number(1)}), state);
  EXPECT_THAT(result.written, ElementsAre(TaskId("b")));
  EXPECT_THAT(result.rejected, IsEmpty());
}

TEST(ExactlyOnce, WhatTheDeviceHasAnAnswerToIsForgotten) {
  PushRequest second = Request({Milk("b").Number(2)});
  second.acked = MutationId{1};
  const PushState state = After({Request({Milk("a").Number(1)}), second});
  ASSERT_EQ(state.ledgers.at(kPhone).applied.size(), 1u);
  EXPECT_EQ(state.ledgers.at(kPhone).applied[0].id, MutationId{2});
  EXPECT_EQ(state.ledgers.at(kPhone).highest, MutationId{2});
}

TEST(ExactlyOnce, AckedIsTheAskingDevicesAlone) {
  PushRequest push = Request({Milk("b").By(kLaptop).Number(1)});
  push.acked = MutationId{1};
  const PushState state = After({push});
  EXPECT_EQ(state.ledgers.at(kLaptop).applied.size(), 1u);
}

TEST(ExactlyOnce, ANumberOutOfRangeIsRejectedAndNotCounted) {
  const PushResult result = ApplyPush(
      Request({Milk("a").Number(0), Milk("b").Number(-1), Milk("c").Number(kUnixMillisMax + 1)}), {});
  EXPECT_THAT(Codes(result), ElementsAre("bad_mutation_id", "bad_mutation_id", "bad_mutation_id"));
  EXPECT_THAT(ApplyPush(Request({Milk("a").Number(1)}), result.state).written, ElementsAre(TaskId("a")));
}

TEST(ExactlyOnce, ADeviceWithoutAFitNameHasNoLedger) {
  const PushResult result =
      ApplyPush(Request({Milk("a").By(DeviceId("")).Number(1), Milk("b").By(DeviceId("a b")).Number(1)}), {});
  EXPECT_THAT(Codes(result), ElementsAre("bad_device_id", "bad_device_id"));
  EXPECT_THAT(result.state.ledgers, IsEmpty());
}

TEST(ExactlyOnce, AChangeWithoutANumberThatIsStoredAlreadyIsARetry) {
  const PushRequest push = Request({Milk("a").Completed()});
  const PushState state = After({push});
  const PushResult again = ApplyPush(push, state);
  EXPECT_EQ(again.state.head, state.head);
  EXPECT_THAT(again.told, ElementsAre(TaskId("a")));
}

}  // namespace
}  // namespace tidemark::sync
