// A V1 client (SPEC 4): whole objects, no numbers, answers that are always complete.
#include "client/engine/test_server.h"

namespace tidemark::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ExchangeV1Test : public ExchangeTest {
 protected:
  V1Ask Begin() {
    const auto next = v1_.Begin({}, now_);
    EXPECT_TRUE(next.ok()) << next.status();
    return std::get<V1Ask>(std::get<Ask>(*next));
  }
  RunEnd Answered(const V1Page& page) {
    const auto next = v1_.Take(page, now_);
    EXPECT_TRUE(next.ok()) << next.status();
    return std::get<RunEnd>(*next);
  }
  static V1Page At(int64_t cursor, std::vector<Update> updates = {}) {
    V1Page page;
    page.updates = std::move(updates);
    page.server_time = {cursor};
    return page;
  }

  Exchange v1_{store_, random_, {.generation = Generation::kV1}};
};

TEST_F(ExchangeV1Test, ItNeverChecks) {
  Begin();
  Answered(At(100));
  EXPECT_EQ(Begin().last_sync.value, 100);
}

TEST_F(ExchangeV1Test, AChangeNamesEveryField) {
  Begin();
  Answered(At(90, {Whole(3, "milk")}));
  Edit("t", Completed());
  const V1Ask ask = Begin();
  ASSERT_THAT(ask.changes, testing::SizeIs(1));
  EXPECT_EQ(ask.changes[0].fields,
            (Fields{.content = "milk", .completed = true, .pinned = false, .deleted_at = kLive}));
  EXPECT_EQ(ask.changes[0].version.value, 4);
}

TEST_F(ExchangeV1Test, ARetryIsTheSame) {
  Add("t", "milk");
  const V1Ask first = Begin();
  v1_.Abandon();
  EXPECT_EQ(Begin(), first);
}

TEST_F(ExchangeV1Test, WhatWasSentIsStoredAndLeavesTheQueue) {
  Add("t", "milk");
  Begin();
  const RunEnd end = Answered(At(100));
  EXPECT_EQ(end.how, RunEnd::How::kComplete);
  EXPECT_EQ(CountPending(), 0);
  EXPECT_THAT(Contents(), ElementsAre("milk"));
}

TEST_F(ExchangeV1Test, WhatTheAnswerTellsHolds) {
  Add("t", "milk");
  Begin();
  Answered(At(100, {Whole(2, "bread")}));
  EXPECT_THAT(Contents(), ElementsAre("bread"));
}

TEST_F(ExchangeV1Test, DeletionsComeAsObjects) {
  Begin();
  Answered(At(90, {Whole(1, "milk")}));
  Update deleted = Whole(2, "milk");
  deleted.fields.deleted_at = UnixMillis{5};
  Begin();
  Answered(At(100, {deleted}));
  EXPECT_THAT(Contents(), IsEmpty());
}

TEST_F(ExchangeV1Test, AFullResyncDropsWhatItDoesNotName) {
  Begin();
  Answered(At(90, {Whole(1, "milk", TaskId("a")), Whole(1, "bread", TaskId("b"))}));
  Begin();
  V1Page whole = At(100, {Whole(1, "milk", TaskId("a"))});
  whole.full_resync = true;
  Answered(whole);
  EXPECT_THAT(Contents(), ElementsAre("milk"));
}

TEST_F(ExchangeV1Test, AnErrorLeavesTheQueue) {
  Add("t", "milk");
  Begin();
  const auto next = v1_.Take(Error(Code::kRateLimited, "Daily sync limit reached"), now_);
  EXPECT_EQ(std::get<RunEnd>(*next).how, RunEnd::How::kFailed);
  EXPECT_EQ(CountPending(), 1);
}

}  // namespace
}  // namespace tidemark::client
