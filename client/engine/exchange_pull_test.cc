// What pages bring, whole states, and the self-check (SPEC 3.3, 6.3).
#include "client/engine/test_server.h"

namespace tidemark::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// ---- pages

TEST_F(ExchangeTest, RowsAreStoredAsTheyComeAndTheCursorOnceAtTheEnd) {
  BeginSync();
  const SyncAsk second = AsksNext(PageOf({Whole(1, "milk", TaskId("a"))}, "p2"));
  EXPECT_EQ(second.page, "p2");
  EXPECT_EQ(second.last_sync.value, 0);
  EXPECT_THAT(second.changes, IsEmpty());
  EXPECT_THAT(Contents(), ElementsAre("milk"));
  EXPECT_EQ(replica().cursor.value, 0);
  Page last = AnswerAt(100);
  last.updates = {Whole(1, "bread", TaskId("b"))};
  Ends(last);
  EXPECT_THAT(Contents(), UnorderedElementsAre("milk", "bread"));
  EXPECT_EQ(replica().cursor.value, 100);
}

TEST_F(ExchangeTest, ASeriesThatWasCutGoesOnWhereItWas) {
  BeginSync();
  AsksNext(PageOf({Whole(1, "milk", TaskId("a"))}, "p2"));
  exchange_.Abandon();
  EXPECT_EQ(BeginSync().page, "p2");
}

TEST_F(ExchangeTest, EditsMadeDuringASeriesGoOutAfterIt) {
  BeginSync();
  AsksNext(PageOf({Whole(1, "milk")}, "p2"));
  exchange_.Abandon();
  Edit("t", Completed());
  EXPECT_THAT(BeginSync().changes, IsEmpty());
  const SyncAsk push = AsksNext(AnswerAt(100));
  EXPECT_THAT(push.changes, testing::SizeIs(1));
}

TEST_F(ExchangeTest, APushThatIsAnsweredInPagesAfterAllIsReadToItsEnd) {
  Pulled({}, 90);
  Add("t", "milk");
  BeginSync({.push_only = true});
  EXPECT_EQ(AsksNext(PageOf({}, "p2")).page, "p2");
  EXPECT_EQ(Ends(AnswerAt(100)).how, RunEnd::How::kComplete);
  EXPECT_EQ(CountPending(), 0);
}

TEST_F(ExchangeTest, AnExpiredPageStartsTheSeriesOver) {
  BeginSync();
  AsksNext(PageOf({Whole(1, "milk")}, "p2"));
  const SyncAsk again = AsksNext(Error(Code::kPageExpired, "purged"));
  EXPECT_FALSE(again.page);
  EXPECT_FALSE(replica().series);
}

TEST_F(ExchangeTest, PagesThatExpireAgainAndAgainEndTheRun) {
  BeginSync();
  for (int i = 0; i < Exchange::kRestartsMax; ++i) {
    AsksNext(PageOf({}, "p2"));
    AsksNext(Error(Code::kPageExpired, "purged"));
  }
  AsksNext(PageOf({}, "p2"));
  EXPECT_EQ(Ends(Error(Code::kPageExpired, "purged")).how, RunEnd::How::kFailed);
}

TEST_F(ExchangeTest, WhatAFirstSyncThatWasCutBroughtAndTheNextDoesNotNameIsGone) {
  BeginSync();
  AsksNext(PageOf({Whole(1, "purged since", TaskId("a"))}, "p2"));
  AsksNext(Error(Code::kPageExpired, "purged"));
  Page whole = AnswerAt(100);
  whole.updates = {Whole(1, "milk", TaskId("b"))};
  Ends(whole);
  EXPECT_THAT(Contents(), ElementsAre("milk"));
}

TEST_F(ExchangeTest, NothingIsRemovedBeforeTheAnswerIsComplete) {
  Pulled({Whole(1, "milk")}, 90);
  BeginSync({.may_check = false});
  Page first = PageOf({}, "p2");
  first.deleted = {TaskId("t")};
  AsksNext(first);
  EXPECT_THAT(Contents(), ElementsAre("milk"));
  Ends(AnswerAt(100));
  EXPECT_THAT(Contents(), IsEmpty());
}

TEST_F(ExchangeTest, ATaskThatCameBackDuringTheSeriesStays) {
  Pulled({Whole(1, "milk")}, 90);
  BeginSync({.may_check = false});
  Page first = PageOf({}, "p2");
  first.deleted = {TaskId("t")};
  AsksNext(first);
  Page last = AnswerAt(100);
  last.updates = {Whole(4, "bread")};
  Ends(last);
  EXPECT_THAT(Contents(), ElementsAre("bread"));
}

TEST_F(ExchangeTest, AfterAPurgeWhatIsNeitherNamedNorPendingIsDropped) {
  Pulled({Whole(1, "named", TaskId("a")), Whole(1, "gone", TaskId("b")), Whole(1, "edited", TaskId("c"))},
         90);
  Edit("c", Content("mine"));
  BeginSync();
  Page whole = AnswerAt(100);
  whole.full_resync = Resync::kPurged;
  whole.rejected.push_back({.id = TaskId("c"), .number = {1}, .code = "unknown_task", .detail = ""});
  whole.updates = {Whole(1, "named", TaskId("a"))};
  const SyncAsk again = AsksNext(whole);
  EXPECT_EQ(again.changes[0].fields.content, "mine");
  EXPECT_THAT(Contents(), UnorderedElementsAre("named", "mine"));
}

TEST_F(ExchangeTest, ARewoundServerIsOfferedWhatItLost) {
  Pulled({Whole(3, "kept", TaskId("a")), Whole(1, "lost", TaskId("b"))}, 90);
  Add("c", "pending");
  BeginSync();
  Page whole = AnswerAt(50);
  whole.epoch = Epoch("e2");
  whole.full_resync = Resync::kRewound;
  whole.updates = {Whole(2, "kept", TaskId("a"))};
  const SyncAsk again = AsksNext(whole);
  EXPECT_EQ(again.epoch, Epoch("e2"));
  EXPECT_EQ(again.last_sync.value, 50);
  std::vector<std::string> sent;
  for (const Change& change : again.changes) sent.push_back(*change.fields.content);
  EXPECT_THAT(sent, UnorderedElementsAre("lost", "pending"));
  EXPECT_THAT(Contents(), UnorderedElementsAre("kept", "lost", "pending"));
}

TEST_F(ExchangeTest, TheStateOfARewoundServerIsHeldApartUntilItIsWhole) {
  Pulled({Whole(3, "mine")}, 90);
  BeginSync({.may_check = false});
  Page first = PageOf({Whole(2, "theirs")}, "p2");
  first.full_resync = Resync::kRewound;
  AsksNext(first);
  EXPECT_THAT(Contents(), ElementsAre("mine"));
  EXPECT_EQ(AsksNext(AnswerAt(50)).changes[0].fields, Content("mine"));
}

TEST_F(ExchangeTest, ADeferredPullLeavesTheCursorAndSaysWhen) {
  Pulled({}, 90);
  Add("t", "milk");
  BeginSync();
  Page page;
  page.server_time = {90};
  page.epoch = kEpoch;
  page.pull_deferred = absl::Minutes(4);
  const RunEnd end = Ends(page);
  EXPECT_EQ(end.how, RunEnd::How::kDeferred);
  EXPECT_EQ(end.retry_after, absl::Minutes(4));
  EXPECT_EQ(replica().cursor.value, 90);
  EXPECT_EQ(CountPending(), 0);
}

TEST_F(ExchangeTest, AnETagIsForgottenOnceMoreIsHereThanItNames) {
  Pulled({}, 90);
  Add("t", "milk");
  BeginSync();
  Page page;
  page.server_time = {90};
  page.epoch = kEpoch;
  page.pull_deferred = absl::Minutes(4);
  Ends(page);
  EXPECT_FALSE(BeginSync().if_none_match) << "a service that lost the push would say that nothing changed";
  AsksNext(PageOf({Whole(1, "bread", TaskId("u"))}, "p2"));
  EXPECT_EQ(replica().etag, "");
  Ends(AnswerAt(100));
  EXPECT_EQ(replica().etag, "\"?\"");
}

TEST_F(ExchangeTest, ConflictsAreKeptForThePersonAndCountedOnce) {
  Conflict conflict;
  conflict.id = kTask;
  conflict.at = {95};
  conflict.kept.value = conflict.discarded.value = std::string("milk");
  Page page = AnswerAt(100);
  page.conflicts = {conflict, conflict};
  BeginSync();
  EXPECT_EQ(Ends(page).conflicts, 1);
}

TEST_F(ExchangeTest, APushThatIsAnsweredWithThePagesOfAPullFollowsThem) {
  Add("t", "milk");
  BeginSync({.push_only = true});
  const SyncAsk second = AsksNext(PageOf({Whole(1, "bread", TaskId("a"))}, "p2"));
  EXPECT_EQ(second.page, "p2");
  EXPECT_THAT(second.changes, IsEmpty());
  EXPECT_EQ(Ends(AnswerAt(100)).how, RunEnd::How::kComplete);
  EXPECT_EQ(CountPending(), 0);
}

// ---- the self-check

TEST_F(ExchangeTest, ADifferenceIsReportedAndHealedByTheWholeState) {
  BeginSync();
  const SyncAsk again = AsksNext(AnswerAt(100, "\"1-100-3\""));
  EXPECT_EQ(again.last_sync.value, 0);
  EXPECT_FALSE(again.if_none_match);
  Page whole = AnswerAt(100, "\"1-100-3\"");
  whole.updates = {Whole(3, "milk")};
  const RunEnd end = Ends(whole);
  ASSERT_TRUE(end.difference);
  EXPECT_EQ(end.difference->server, (Totals{.count = 1, .version_sum = 3}));
}

TEST_F(ExchangeTest, HealingIsTriedOnceAnHour) {
  BeginSync();
  AsksNext(AnswerAt(100, "\"1-100-3\""));
  const RunEnd end = Ends(AnswerAt(100, "\"1-100-3\""));
  ASSERT_TRUE(end.difference);
  EXPECT_FALSE(end.difference->heals);
  Pass(absl::Hours(1));
  BeginSync({.may_check = false});
  EXPECT_EQ(AsksNext(AnswerAt(100, "\"1-100-3\"")).last_sync.value, 0);
}

TEST_F(ExchangeTest, WhatWasNotHealedAtOnceIsHealedThoughTheServerSaysThatNothingChanged) {
  BeginSync();
  AsksNext(AnswerAt(100, "\"1-100-3\""));
  Ends(AnswerAt(100, "\"1-100-3\""));
  const CheckAnswer nothing_new{.not_modified = true, .etag = "\"1-100-3\""};
  ASSERT_TRUE(exchange_.Begin({}, now_).ok());
  EXPECT_TRUE(Ends(nothing_new).not_modified);
  Pass(absl::Hours(1));
  ASSERT_TRUE(exchange_.Begin({}, now_).ok());
  EXPECT_EQ(AsksNext(nothing_new).last_sync.value, 0);
}

TEST_F(ExchangeTest, FieldsOfATaskThatIsNotHereAreADifference) {
  Pulled({}, 90);
  BeginSync({.may_check = false});
  Page page = AnswerAt(100);
  page.updates = {News(4, Pinned())};
  EXPECT_EQ(AsksNext(page).last_sync.value, 0);
}

TEST_F(ExchangeTest, WithEditsPendingNothingIsCompared) {
  BeginSync();
  Pass(absl::Seconds(1));
  Add("t", "milk");
  EXPECT_FALSE(Ends(AnswerAt(100, "\"1-100-3\"")).difference);
}

// ---- tidying

TEST_F(ExchangeTest, LongDeadTasksAreForgotten) {
  Pulled({Whole(1, "milk")}, 90);
  BeginSync({.may_check = false});
  Page page = AnswerAt(100);
  page.deleted = {kTask};
  Ends(page);
  EXPECT_TRUE(state("t").row);
  Pass(absl::Hours(24 * 31));
  Pulled({}, 110);
  EXPECT_TRUE(state("t").empty());
}

}  // namespace
}  // namespace tidemark::client
