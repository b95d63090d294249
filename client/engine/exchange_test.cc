// What is asked, what is pushed, and what becomes of it (SPEC 3.3, 5.6, 6.3).
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
  Pulled({}, 90);
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

TEST_F(ExchangeTest, ChangesLeaveTheQueueWithTheLastPageOfTheirAnswer) {
  Add("t", "milk");
  Add("u", "bread");
  BeginSync();
  Page first = PageOf({Whole(1, "eggs", TaskId("v"))}, "p2");
  first.rejected.push_back({.id = TaskId("u"), .number = {2}, .code = "validation", .detail = "why"});
  AsksNext(first);
  EXPECT_EQ(CountPending(), 2);
  EXPECT_EQ(replica().acked.value, 0);
  EXPECT_THAT(Rejections(), IsEmpty());
  Ends(AnswerAt(100));
  EXPECT_EQ(CountPending(), 0);
  EXPECT_EQ(replica().acked.value, 2);
  EXPECT_THAT(Rejections(), testing::SizeIs(1));
  EXPECT_THAT(Contents(), UnorderedElementsAre("milk", "eggs"));
}

TEST_F(ExchangeTest, WhatBecameOfThemIsKnownAlsoWhenTheSeriesWasCut) {
  Add("t", "milk");
  BeginSync();
  AsksNext(PageOf({}, "p2"));
  exchange_.Abandon();
  const SyncAsk ask = BeginSync();
  EXPECT_EQ(ask.page, "p2");
  EXPECT_THAT(ask.changes, IsEmpty());
  Ends(AnswerAt(100));
  EXPECT_EQ(CountPending(), 0);
  EXPECT_EQ(state("t").row->content, "milk");
}

TEST_F(ExchangeTest, WhatALaterPageTellsOfASentTaskHolds) {
  Add("t", "milk");
  BeginSync();
  AsksNext(PageOf({}, "p2"));
  Page last = AnswerAt(100);
  last.updates = {Whole(2, "bread")};
  Ends(last);
  EXPECT_THAT(Contents(), ElementsAre("bread"));
  EXPECT_EQ(state("t").row->version.value, 2);
}

TEST_F(ExchangeTest, WhenASeriesStartsOverItsChangesGoAgainAsTheyWere) {
  Add("t", "milk");
  const SyncAsk first = BeginSync();
  AsksNext(PageOf({}, "p2"));
  EXPECT_EQ(AsksNext(Error(Code::kPageExpired, "purged")).changes, first.changes);
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
  Page page = Rejecting(1, "unknown_task");
  page.full_resync = Resync::kPurged;
  Ends(page);
  EXPECT_THAT(Rejections(), testing::SizeIs(1));
  EXPECT_THAT(Contents(), IsEmpty());
}

TEST_F(ExchangeTest, ATaskThatWasUnknownWhenItsChangeFirstCameStaysIfItWasMadeSince) {
  Pulled({Whole(1, "made anew")}, 90);
  Edit("t", Completed());
  BeginSync();
  Ends(Rejecting(1, "unknown_task"));
  EXPECT_THAT(Rejections(), testing::SizeIs(1));
  EXPECT_THAT(Contents(), ElementsAre("made anew"));
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
  const RunEnd end = Ends(Rejecting(1, "device_forked"));
  EXPECT_EQ(end.how, RunEnd::How::kFailed);
  // Not kAborted, which is a person's.
  EXPECT_EQ(ErrorInfoOf(end.error).code, Code::kInternal);
  EXPECT_EQ(end.error.code(), absl::StatusCode::kInternal);
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

}  // namespace
}  // namespace tidemark::client
