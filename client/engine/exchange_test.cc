// One sync after the other, told by what is asked and what is stored (SPEC 3.3, 5.6, 6.3).
#include "client/engine/exchange.h"

#include "client/engine/batch.h"
#include "client/engine/test_server.h"

namespace tidemark::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// ---- asking

TEST_F(ExchangeTest, ANewDeviceNamesItselfAndAsksFromTheBeginning) {
  const SyncAsk ask = BeginSync();
  EXPECT_FALSE(ask.device.empty());
  EXPECT_EQ(ask.device, replica().device);
  EXPECT_EQ(ask.last_sync.value, 0);
  EXPECT_FALSE(ask.epoch);
  EXPECT_FALSE(ask.if_none_match);
  EXPECT_EQ(ask.client_time, now_);
}

TEST_F(ExchangeTest, WithNothingPendingItChecksAndA304IsAll) {
  Pulled({Whole(1, "milk")}, 100);
  Pass(absl::Hours(1));
  const auto next = exchange_.Begin({}, now_);
  EXPECT_EQ(std::get<Ask>(*next), Ask(CheckAsk{replica().device, "\"?\""}));
  const RunEnd end = Ends(CheckAnswer{.not_modified = true, .etag = "\"?\""});
  EXPECT_TRUE(end.not_modified);
  EXPECT_EQ(replica().synced_at, now_);
}

TEST_F(ExchangeTest, ACheckThatFindsAnotherStateIsFollowedByAPull) {
  Pulled({}, 100);
  ASSERT_TRUE(exchange_.Begin({}, now_).ok());
  const SyncAsk ask = AsksNext(CheckAnswer{.not_modified = false, .etag = "\"!\""});
  EXPECT_EQ(ask.last_sync.value, 100);
  EXPECT_EQ(ask.epoch, kEpoch);
  EXPECT_EQ(ask.if_none_match, "\"?\"");
}

TEST_F(ExchangeTest, WithEditsPendingItNeverOnlyChecks) {
  Pulled({}, 100);
  Add("t", "milk");
  EXPECT_THAT(BeginSync().changes, testing::SizeIs(1));
}

TEST_F(ExchangeTest, WhileReadsArePausedThereIsNothingToAskWithoutEdits) {
  const auto next = exchange_.Begin({.push_only = true}, now_);
  EXPECT_TRUE(std::holds_alternative<RunEnd>(*next));
}

// ---- pushing

TEST_F(ExchangeTest, ChangesAreFrozenInTheStoreBeforeTheyAreSent) {
  Add("t", "milk");
  const SyncAsk ask = BeginSync();
  EXPECT_EQ(state("t").sent->change, ask.changes[0]);
  EXPECT_EQ(replica().last_number.value, 1);
}

TEST_F(ExchangeTest, WhatWasStoredAsSentLeavesTheQueueTogetherWithTheCursor) {
  Add("t", "milk");
  BeginSync();
  const RunEnd end = Ends(AnswerAt(100));
  EXPECT_EQ(end.how, RunEnd::How::kComplete);
  EXPECT_EQ(end.pushed, 1);
  EXPECT_EQ(CountPending(), 0);
  EXPECT_EQ(replica().cursor.value, 100);
  EXPECT_EQ(replica().acked.value, 1);
  EXPECT_EQ(state("t").row->version.value, 1);
}

TEST_F(ExchangeTest, ARetryIsTheSameToTheLastField) {
  Add("t", "milk");
  const SyncAsk first = BeginSync();
  exchange_.Abandon();
  Pass(absl::Minutes(1));
  EXPECT_EQ(BeginSync().changes, first.changes);
}

TEST_F(ExchangeTest, ARetryByAnotherProcessIsTheSame) {
  Add("t", "milk");
  const SyncAsk first = BeginSync();
  Exchange other(store_, random_, {});
  const auto next = other.Begin({}, now_);
  EXPECT_EQ(std::get<SyncAsk>(std::get<Ask>(*next)).changes, first.changes);
}

TEST_F(ExchangeTest, UnalteredRetriesGoFirstThenReplacedOnesThenNewOnes) {
  Add("a", "1");
  Add("b", "2");
  BeginSync();
  exchange_.Abandon();
  Edit("a", Completed());
  Add("c", "3");
  const SyncAsk ask = BeginSync();
  ASSERT_THAT(ask.changes, testing::SizeIs(3));
  EXPECT_EQ(ask.changes[0].id.value(), "b");
  EXPECT_EQ(ask.changes[0].number.value, 2);
  EXPECT_EQ(ask.changes[1].id.value(), "a");
  EXPECT_EQ(ask.changes[1].number.value, 3);
  EXPECT_EQ(ask.changes[2].id.value(), "c");
  EXPECT_EQ(ask.changes[2].number.value, 4);
}

TEST_F(ExchangeTest, AnEditMadeDuringTheRequestStaysPendingForTheNextRun) {
  Add("t", "milk");
  BeginSync();
  Pass(absl::Seconds(1));
  Edit("t", Completed());
  Ends(AnswerAt(100));
  EXPECT_EQ(CountPending(), 1);
  const SyncAsk ask = BeginSync();
  EXPECT_EQ(ask.changes[0].fields, Completed());
  EXPECT_EQ(ask.changes[0].version.value, 2);
}

TEST_F(ExchangeTest, MoreThanOneRequestTakesIsSentInSeveral) {
  ExchangeOptions small;
  small.batch_max = 2;
  Exchange exchange(store_, random_, small);
  for (const char* id : {"a", "b", "c"}) Add(id, "milk");
  const auto first = exchange.Begin({}, now_);
  EXPECT_THAT(std::get<SyncAsk>(std::get<Ask>(*first)).changes, testing::SizeIs(2));
  const auto second = exchange.Take(AnswerAt(100), now_);
  EXPECT_THAT(std::get<SyncAsk>(std::get<Ask>(*second)).changes, testing::SizeIs(1));
  const auto end = exchange.Take(AnswerAt(101), now_);
  EXPECT_TRUE(std::holds_alternative<RunEnd>(*end));
}

TEST_F(ExchangeTest, ARequestHoldsNoMoreBytesThanTheServerTakes) {
  const std::string large(kContentBytesMax, 'x');
  for (int i = 0; i < 70; ++i) Add("t" + std::to_string(i), large);
  std::size_t bytes = 0;
  const SyncAsk ask = BeginSync();
  for (const Change& change : ask.changes) bytes += Weight(change);
  EXPECT_LE(bytes, kBatchBytesMax);
  EXPECT_GT(bytes + 2 * kContentBytesMax, kBatchBytesMax);
}

TEST_F(ExchangeTest, AnAnswerThatWouldBeTooLargeIsAskedForInHalves) {
  for (const char* id : {"a", "b", "c", "d"}) Add(id, "milk");
  BeginSync();
  EXPECT_THAT(AsksNext(Error(Code::kTooManyChanges, "send fewer")).changes, testing::SizeIs(2));
}

// ---- what was not stored

Page Rejecting(int64_t number, const std::string& code) {
  Page page = AnswerAt(100);
  page.rejected.push_back({.id = TaskId("t"), .number = {number}, .code = code, .detail = "why"});
  return page;
}

TEST_F(ExchangeTest, ARejectedChangeIsListedAndBlocksNothing) {
  Add("t", "milk");
  Add("u", "bread");
  BeginSync();
  const RunEnd end = Ends(Rejecting(1, "validation"));
  EXPECT_EQ(end.rejections, 1);
  EXPECT_EQ(CountPending(), 0);
  ASSERT_THAT(Rejections(), testing::SizeIs(1));
  EXPECT_EQ(Rejections()[0].change.fields.content, "milk");
  EXPECT_EQ(Rejections()[0].code, "validation");
  EXPECT_THAT(Contents(), ElementsAre("bread"));
}

TEST_F(ExchangeTest, ATextOfAPurgedTaskIsSentAgainWholeInTheSameRun) {
  Pulled({Whole(3, "milk")}, 90);
  Edit("t", Content("bread"));
  BeginSync();
  const SyncAsk ask = AsksNext(Rejecting(1, "unknown_task"));
  ASSERT_THAT(ask.changes, testing::SizeIs(1));
  EXPECT_EQ(ask.changes[0].number.value, 2);
  EXPECT_EQ(ask.changes[0].fields, LaidOver(Content("bread"), LaidOver(Completed(false), Pinned(false))));
  EXPECT_THAT(Rejections(), IsEmpty());
}

TEST_F(ExchangeTest, AFlagOfAPurgedTaskIsListed) {
  Pulled({Whole(3, "milk")}, 90);
  Edit("t", Completed());
  BeginSync();
  Ends(Rejecting(1, "unknown_task"));
  EXPECT_THAT(Rejections(), testing::SizeIs(1));
  EXPECT_THAT(Contents(), IsEmpty());
}

TEST_F(ExchangeTest, AForkedDeviceTakesANewNameAndSendsUnderIt) {
  Add("t", "milk");
  const SyncAsk first = BeginSync();
  const SyncAsk again = AsksNext(Rejecting(1, "device_forked"));
  EXPECT_NE(again.device, first.device);
  EXPECT_EQ(again.acked.value, 0);
  EXPECT_EQ(again.changes[0].device, again.device);
  EXPECT_EQ(again.changes[0].number.value, 1);
  EXPECT_EQ(again.changes[0].fields, first.changes[0].fields);
}

TEST_F(ExchangeTest, AServerThatCallsEveryNameForkedEndsTheRun) {
  Add("t", "milk");
  BeginSync();
  for (int i = 0; i < Exchange::kRestartsMax; ++i) AsksNext(Rejecting(1, "device_forked"));
  EXPECT_EQ(Ends(Rejecting(1, "device_forked")).how, RunEnd::How::kFailed);
  EXPECT_EQ(CountPending(), 1);
}

TEST_F(ExchangeTest, AnErrorEndsTheRunAndTheQueueStays) {
  Add("t", "milk");
  BeginSync();
  const RunEnd end = Ends(Error(Code::kRateLimited, "wait", {.retry_after = absl::Hours(1)}));
  EXPECT_EQ(end.how, RunEnd::How::kFailed);
  EXPECT_EQ(ErrorInfoOf(end.error).code, Code::kRateLimited);
  EXPECT_EQ(CountPending(), 1);
}

TEST_F(ExchangeTest, AnAnswerToAnotherQuestionIsNotTaken) {
  BeginSync();
  EXPECT_EQ(Ends(CheckAnswer{.not_modified = true}).how, RunEnd::How::kFailed);
  EXPECT_EQ(exchange_.Take(AnswerAt(1), now_).status().code(), absl::StatusCode::kFailedPrecondition);
}

// ---- pulling

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
