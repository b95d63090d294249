// The mass-change guard, from the answer to the person's word (SPEC 6.3).
#include "client/engine/test_server.h"

namespace tidemark::client {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class MassChangeTest : public ExchangeTest {
 protected:
  void SetUp() override { PulledMany(20, 90); }

  static Page Deleting(int count, int64_t cursor) {
    Page page = AnswerAt(cursor);
    for (int i = 0; i < count; ++i) page.deleted.emplace_back("t" + std::to_string(i));
    return page;
  }
  RunEnd Pull(const Page& page) {
    BeginSync({.may_check = false});
    return Ends(page);
  }
};

TEST_F(MassChangeTest, HalfOfTheTasksMayGo) {
  EXPECT_EQ(Pull(Deleting(10, 100)).how, RunEnd::How::kComplete);
  EXPECT_THAT(Contents(), SizeIs(10));
}

TEST_F(MassChangeTest, MoreIsHeldAndTheCursorStays) {
  EXPECT_EQ(Pull(Deleting(11, 100)).how, RunEnd::How::kHeld);
  EXPECT_THAT(Contents(), SizeIs(20));
  EXPECT_EQ(replica().cursor.value, 90);
  ASSERT_TRUE(replica().held);
  EXPECT_EQ(replica().held->removes, 11);
  EXPECT_EQ(replica().held->of, 20);
}

TEST_F(MassChangeTest, ThePersonsOwnDeletionsAreNotHeld) {
  for (int i = 0; i < 15; ++i) Delete("t" + std::to_string(i));
  BeginSync();
  EXPECT_EQ(Ends(Deleting(15, 100)).how, RunEnd::How::kComplete);
  EXPECT_THAT(Contents(), SizeIs(5));
}

TEST_F(MassChangeTest, AgreeingRemovesThemAndMovesTheCursor) {
  Pull(Deleting(15, 100));
  ASSERT_TRUE(AgreeToMassChange(store_, now_).ok());
  EXPECT_THAT(Contents(), SizeIs(5));
  EXPECT_EQ(replica().cursor.value, 100);
  EXPECT_FALSE(replica().held);
  EXPECT_EQ(replica().live_count, 5);
}

TEST_F(MassChangeTest, RefusingSendsThemToTheServerAgain) {
  Pull(Deleting(15, 100));
  ASSERT_TRUE(RefuseMassChange(store_, now_).ok());
  EXPECT_THAT(Contents(), SizeIs(20));
  const SyncAsk ask = BeginSync();
  EXPECT_EQ(ask.last_sync.value, 100);
  ASSERT_THAT(ask.changes, SizeIs(15));
  for (const Change& change : ask.changes) {
    EXPECT_TRUE(change.fields.restores());
    EXPECT_EQ(change.fields.content, "milk");
  }
}

TEST_F(MassChangeTest, WhileItIsHeldEditsAreSentAndSettled) {
  Pull(Deleting(15, 100));
  Add("new", "bread");
  EXPECT_THAT(BeginSync().changes, SizeIs(1));
  EXPECT_EQ(Ends(Deleting(15, 110)).how, RunEnd::How::kHeld);
  EXPECT_EQ(CountPending(), 0);
  EXPECT_THAT(Contents(), SizeIs(21));
  EXPECT_EQ(replica().held->cursor, Stamp{110});
}

TEST_F(MassChangeTest, ItIsReleasedWhenTheTasksHaveComeBack) {
  Pull(Deleting(15, 100));
  Page back = AnswerAt(120);
  for (int i = 0; i < 15; ++i) back.updates.push_back(Whole(3, "milk", TaskId("t" + std::to_string(i))));
  EXPECT_EQ(Pull(back).how, RunEnd::How::kComplete);
  EXPECT_FALSE(replica().held);
  EXPECT_EQ(replica().cursor.value, 120);
  EXPECT_THAT(Contents(), SizeIs(20));
}

TEST_F(MassChangeTest, NewTasksInTheSameAnswerDoNotHideIt) {
  Page page = Deleting(15, 100);
  for (int i = 0; i < 50; ++i) page.updates.push_back(Whole(1, "new", TaskId("n" + std::to_string(i))));
  EXPECT_EQ(Pull(page).how, RunEnd::How::kHeld);
  EXPECT_EQ(Pull(page).how, RunEnd::How::kHeld) << "nor when it is told again";
}

TEST_F(MassChangeTest, AWholeStateThatNamesFewIsHeldAsWell) {
  Page whole = AnswerAt(100);
  whole.full_resync = Resync::kPurged;
  whole.updates = {Whole(1, "milk", TaskId("t0"))};
  EXPECT_EQ(Pull(whole).how, RunEnd::How::kHeld);
  EXPECT_EQ(replica().held->removes, 19);
  EXPECT_THAT(Contents(), SizeIs(20));
  ASSERT_TRUE(AgreeToMassChange(store_, now_).ok());
  EXPECT_THAT(Contents(), SizeIs(1));
}

TEST_F(MassChangeTest, AgreeingDoesNotRemoveWhatALaterCutSeriesHasNotNamedYet) {
  Page whole = AnswerAt(100);
  whole.full_resync = Resync::kPurged;
  for (int i = 0; i < 5; ++i) whole.updates.push_back(Whole(1, "milk", TaskId("t" + std::to_string(i))));
  Pull(whole);
  BeginSync({.may_check = false});
  Page again = PageOf({Whole(1, "milk", TaskId("t0"))}, "p2");
  again.full_resync = Resync::kPurged;
  AsksNext(again);
  ASSERT_TRUE(AgreeToMassChange(store_, now_).ok());
  EXPECT_THAT(Contents(), SizeIs(5));
}

TEST_F(MassChangeTest, WithNothingHeldThereIsNothingToSay) {
  EXPECT_EQ(AgreeToMassChange(store_, now_).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(RefuseMassChange(store_, now_).code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace tidemark::client
