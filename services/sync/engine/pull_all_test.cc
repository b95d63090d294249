#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

class PullAllTest : public EngineTest {
 protected:
  // `between` happens before each page but the first is asked for.
  absl::Status PullAll(const SyncRequest& request, std::function<void()> between = nullptr) {
    pages_.clear();
    return Run<absl::Status>([&](Call& call) {
      return engine_->PullAll(call, request, [&](SyncAnswer page) -> Task<absl::Status> {
        pages_.push_back(std::move(page));
        if (between) store_.before_pull = between;
        co_return sent_;
      });
    });
  }

  static SyncRequest InPagesOf(int64_t limit, Stamp cursor = {}) {
    SyncRequest request = PullFrom(cursor);
    request.limit = limit;
    return request;
  }
  std::vector<std::vector<std::string>> Ids() const {
    std::vector<std::vector<std::string>> ids;
    for (const SyncAnswer& page : pages_) ids.push_back(IdsOf(page.updates));
    return ids;
  }

  absl::Status sent_;
  std::vector<SyncAnswer> pages_;
};

TEST_F(PullAllTest, SendsThePagesThatSyncAnswersOneByOne) {
  Make({"a", "b", "c", "d", "e"});
  std::vector<SyncAnswer> asked;
  SyncRequest request = InPagesOf(2);
  do {
    asked.push_back(Sync(request));
    request.page = asked.back().page;
  } while (request.page);

  ASSERT_TRUE(PullAll(InPagesOf(2)).ok());
  EXPECT_EQ(Ids(), (std::vector<std::vector<std::string>>{{"a", "b"}, {"c", "d"}, {"e"}}));
  ASSERT_EQ(pages_.size(), asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) {
    EXPECT_EQ(IdsOf(pages_[i].updates), IdsOf(asked[i].updates));
    EXPECT_EQ(pages_[i].page, asked[i].page);
    EXPECT_EQ(pages_[i].server_time, asked[i].server_time);
    EXPECT_EQ(pages_[i].head, asked[i].head);
  }
}

TEST_F(PullAllTest, OnlyTheLastPageMovesTheCursorAndHasAnEtag) {
  Make({"a", "b", "c"});
  ASSERT_TRUE(PullAll(InPagesOf(1)).ok());
  ASSERT_EQ(pages_.size(), 3u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_TRUE(pages_[i].page);
    EXPECT_EQ(pages_[i].server_time, Stamp{0});
    EXPECT_FALSE(pages_[i].head);
  }
  EXPECT_FALSE(pages_[2].page);
  EXPECT_EQ(pages_[2].server_time, StoredHead().high_water);
  EXPECT_EQ(pages_[2].head, StoredHead());
}

TEST_F(PullAllTest, WhatIsWrittenMeanwhileComesLaterInTheSameStream) {
  Make({"a", "b", "c"});
  bool written = false;
  ASSERT_TRUE(PullAll(InPagesOf(2), [&] {
                if (std::exchange(written, true)) return;
                const Decide delete_a = [](const PushLoad& load) {
                  PushRequest request;
                  request.changes = {Edit("a").At(20).Version(2).Deleted()};
                  request.now = kNow;
                  return ApplyPush(request, load.state);
                };
                PushQuery query;
                query.tasks = {TaskId("a")};
                EventLoops loops(1);
                ASSERT_TRUE(RunBlocking<absl::StatusOr<Pushed>>(loops.at(0), [&] {
                              return memory_store_.Push(user_, query, delete_a);
                            }).ok());
              }).ok());
  EXPECT_EQ(Ids(), (std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}}));
  EXPECT_THAT(IdsOf(pages_.back().deleted), testing::ElementsAre("a"));
}

TEST_F(PullAllTest, TakesOneTokenForAllPages) {
  Make({"a", "b", "c"});
  Serve({{"sync", 1}});
  EXPECT_TRUE(PullAll(InPagesOf(1)).ok());
  EXPECT_EQ(CodeOf(PullAll(InPagesOf(1))), "rate_limited");
}

TEST_F(PullAllTest, TellsWhyItStartsFromTheWholeState) {
  Make({"a", "b"});
  SyncRequest request = InPagesOf(1, kFirstStamp);
  request.epoch = Epoch("e0");
  ASSERT_TRUE(PullAll(request).ok());
  ASSERT_EQ(pages_.size(), 2u);
  EXPECT_EQ(pages_[0].full_resync, Resync::kRewound);
  EXPECT_FALSE(pages_[1].full_resync);
}

TEST_F(PullAllTest, APurgeBetweenTwoPagesEndsItForTheClientToStartOver) {
  Make({"a", "b", "c"});
  const absl::Status status =
      PullAll(InPagesOf(1), [&] { memory_store_.Purge(user_, Stamp{kUnixMillisMax}); });
  EXPECT_EQ(CodeOf(status), "page_expired");
  EXPECT_EQ(pages_.size(), 1u);
}

TEST_F(PullAllTest, StopsWhenTheClientHasGone) {
  Make({"a", "b", "c"});
  sent_ = absl::CancelledError("gone");
  EXPECT_EQ(PullAll(InPagesOf(1)).code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(pages_.size(), 1u);
}

TEST_F(PullAllTest, ABadRequestIsRefusedBeforeAnythingIsSent) {
  const absl::Status status = PullAll(InPagesOf(0));
  EXPECT_EQ(CodeOf(status), "validation");
  EXPECT_EQ(PointerOf(status), "/limit");
  EXPECT_TRUE(pages_.empty());
}

}  // namespace
}  // namespace tidemark::sync
