#include "services/auth/engine/revocation_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>

#include "common/async/event_loops.h"
#include "services/auth/storage/memory_store.h"

namespace tidemark::auth {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr UnixMillis kNow{1'735'689'600'000};
constexpr int64_t kMinute = 60'000;
constexpr absl::Duration kLifetime = absl::Minutes(15);
// A token's life and the margin.
constexpr int64_t kRefusedFor = 16 * kMinute;

// The part of a store that the feed asks.
class RevocationStore : public MemoryAccountStore {
 public:
  Task<absl::StatusOr<std::vector<Revocation>>> RevokedSince(UnixMillis since) override {
    asked_since = since;
    if (away) co_return absl::UnavailableError("the store is away");
    std::vector<Revocation> revoked;
    for (const Revocation& revocation : stored) {
      if (revocation.revoked_at >= since) revoked.push_back(revocation);
    }
    co_return revoked;
  }
  Task<absl::Status> ForgetRevoked(UnixMillis before) override {
    forgot_before = before;
    co_return absl::OkStatus();
  }

  bool away = false;
  std::vector<Revocation> stored;
  UnixMillis asked_since;
  UnixMillis forgot_before;
};

class RevocationFeedTest : public testing::Test {
 protected:
  using Watcher = std::shared_ptr<RevocationFeed::Watcher>;

  static Revocation Of(const std::string& session, UnixMillis at = kNow) { return {SessionId(session), at}; }

  Watcher Watch() {
    return feed_.Watch([this] { ++news_; });
  }
  void Refresh() {
    RunBlocking<void>(loops_.at(0), [this] { return feed_.Refresh(); });
  }

  std::string Shown() {
    metrics::Registry registry;
    metrics::Readings readings(registry);
    feed_.Show(readings);
    return registry.Text();
  }

  // Set when the announcement has returned.
  std::future<void> Announce(std::vector<Revocation> revoked) {
    auto returned = std::make_shared<std::promise<void>>();
    std::future<void> future = returned->get_future();
    Spawn(loops_.at(0), [this, returned, revoked]() -> Task<void> {
      const Origin origin;
      co_await feed_.Announce(revoked, origin);
      returned->set_value();
    });
    Settle();
    return future;
  }
  // What the loop had to do is done.
  void Settle() {
    for (int i = 0; i < 3; ++i) {
      RunBlocking<void>(loops_.at(0), []() -> Task<void> { co_return; });
    }
  }
  static bool HasReturned(const std::future<void>& future) {
    return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }

  static std::vector<std::string> Ids(const std::optional<RevocationBatch>& batch) {
    std::vector<std::string> ids;
    if (!batch.has_value()) return {"nothing"};
    for (const RefusedSession& refused : batch->sessions) ids.push_back(refused.session.value());
    return ids;
  }
  // And acknowledges it.
  static std::vector<std::string> Take(const Watcher& watcher) {
    const std::optional<RevocationBatch> batch = watcher->Take();
    if (batch.has_value()) watcher->Acknowledge(batch->number);
    return Ids(batch);
  }

  ManualClock clock_{kNow};
  RevocationStore store_;
  EventLoops loops_{1};
  int news_ = 0;
  // Ends the waiting of an announcement.
  Completion<bool> time_is_up_;
  RevocationFeed feed_{
      store_, clock_,
      [this](absl::Duration duration) -> Task<void> {
        EXPECT_EQ(duration, RevocationFeed::kAcknowledgedWithin);
        co_await Await<bool>([this](Completion<bool> done) { time_is_up_ = std::move(done); });
      },
      kLifetime};
};

TEST_F(RevocationFeedTest, ShowsHowManyAreTold) {
  EXPECT_THAT(Shown(), testing::HasSubstr("\ntidemark_revocation_watchers 0\n"));
  const Watcher watcher = Watch();
  EXPECT_THAT(Shown(), testing::HasSubstr("\ntidemark_revocation_watchers 1\n"));
}

TEST_F(RevocationFeedTest, AWatcherFirstTakesAllThereAreEvenNone) {
  Refresh();
  const Watcher watcher = Watch();
  const std::optional<RevocationBatch> first = watcher->Take();
  ASSERT_TRUE(first.has_value());
  EXPECT_THAT(first->sessions, IsEmpty());
  EXPECT_TRUE(first->complete);
  EXPECT_FALSE(watcher->Take().has_value());
}

TEST_F(RevocationFeedTest, NothingIsTakenBeforeTheStoreWasRead) {
  store_.stored = {Of("stored")};
  store_.away = true;
  const Watcher watcher = Watch();
  Refresh();
  EXPECT_FALSE(watcher->Take().has_value());
  store_.away = false;
  Refresh();
  EXPECT_EQ(news_, 2) << "of the list, and that it is complete";
  EXPECT_THAT(Take(watcher), ElementsAre("stored"));
}

TEST_F(RevocationFeedTest, ASessionIsRefusedForATokensLifeAndAMargin) {
  Refresh();
  const Watcher watcher = Watch();
  Take(watcher);
  const auto announced = Announce({Of("phone", {kNow.value - 5})});
  EXPECT_THAT(watcher->Take()->sessions,
              ElementsAre(RefusedSession{SessionId("phone"), {kNow.value - 5 + kRefusedFor}}));
}

TEST_F(RevocationFeedTest, AnAnnouncementReturnsWhenEveryWatcherHasAcknowledgedIt) {
  Refresh();
  const Watcher one = Watch(), other = Watch();
  Take(one);
  Take(other);
  const std::future<void> announced = Announce({Of("phone")});
  EXPECT_FALSE(HasReturned(announced));
  EXPECT_THAT(Take(one), ElementsAre("phone"));
  Settle();
  EXPECT_FALSE(HasReturned(announced));
  EXPECT_THAT(Take(other), ElementsAre("phone"));
  announced.wait();
}

TEST_F(RevocationFeedTest, WhatWasTakenIsNotYetAcknowledged) {
  Refresh();
  const Watcher watcher = Watch();
  Take(watcher);
  const std::future<void> announced = Announce({Of("phone")});
  const std::optional<RevocationBatch> batch = watcher->Take();
  Settle();
  EXPECT_FALSE(HasReturned(announced));
  watcher->Acknowledge(batch->number);
  announced.wait();
}

TEST_F(RevocationFeedTest, AnAnnouncementThatNobodyAcknowledgesReturnsInTime) {
  Refresh();
  const Watcher watcher = Watch();
  const std::future<void> announced = Announce({Of("phone")});
  EXPECT_FALSE(HasReturned(announced));
  time_is_up_(true);
  announced.wait();
  EXPECT_THAT(Take(watcher), ElementsAre("phone"));
}

TEST_F(RevocationFeedTest, AWatcherThatLeavesIsNotWaitedFor) {
  Refresh();
  Watcher watcher = Watch();
  const std::future<void> announced = Announce({Of("phone")});
  EXPECT_FALSE(HasReturned(announced));
  watcher.reset();
  announced.wait();
}

TEST_F(RevocationFeedTest, WithoutWatchersAnAnnouncementReturnsAtOnce) {
  Refresh();
  EXPECT_TRUE(HasReturned(Announce({Of("phone")})));
  EXPECT_THAT(Take(Watch()), ElementsAre("phone"));
}

TEST_F(RevocationFeedTest, WhatIsReadInTheStoreIsToldOnce) {
  Refresh();
  const Watcher watcher = Watch();
  Take(watcher);
  const auto announced = Announce({Of("here")});
  store_.stored = {Of("here"), Of("elsewhere")};
  Refresh();
  Refresh();
  EXPECT_THAT(Take(watcher), ElementsAre("here", "elsewhere"));
  EXPECT_THAT(Take(watcher), ElementsAre("nothing"));
}

TEST_F(RevocationFeedTest, TheStoreIsReadFromWhereTheLastReadingMayHaveMissedACommit) {
  Refresh();
  EXPECT_EQ(store_.asked_since.value, kNow.value - kRefusedFor);
  clock_.AdvanceMillis(1000);
  Refresh();
  EXPECT_EQ(store_.asked_since.value, kNow.value - kMinute);
  store_.away = true;
  clock_.AdvanceMillis(5 * kMinute);
  Refresh();
  store_.away = false;
  Refresh();
  EXPECT_EQ(store_.asked_since.value, kNow.value + 1000 - kMinute) << "since the last one that succeeded";
}

TEST_F(RevocationFeedTest, IsForgottenWithTheLastToken) {
  Refresh();
  const auto announced = Announce({Of("phone")});
  clock_.AdvanceMillis(kRefusedFor - 1);
  Refresh();
  EXPECT_THAT(Take(Watch()), ElementsAre("phone"));
  clock_.AdvanceMillis(1);
  Refresh();
  EXPECT_THAT(Take(Watch()), IsEmpty());
  EXPECT_GE(store_.forgot_before.value, kNow.value - 2 * kMinute);
  EXPECT_LE(store_.forgot_before.value, kNow.value) << "other replicas may have to read it";
}

TEST_F(RevocationFeedTest, ManyAreTakenInPiecesTheLastOfWhichIsComplete) {
  std::vector<Revocation> many;
  for (size_t i = 0; i < RevocationFeed::kBatchMax + 1; ++i) many.push_back(Of(std::to_string(i)));
  store_.stored = many;
  Refresh();
  const Watcher watcher = Watch();
  const std::optional<RevocationBatch> first = watcher->Take(), second = watcher->Take();
  ASSERT_TRUE(first.has_value() && second.has_value());
  EXPECT_EQ(first->sessions.size(), RevocationFeed::kBatchMax);
  EXPECT_FALSE(first->complete);
  EXPECT_EQ(second->sessions.size(), 1u);
  EXPECT_TRUE(second->complete);
}

TEST_F(RevocationFeedTest, NobodyAcknowledgesWhatWasNotTaken) {
  Refresh();
  const Watcher watcher = Watch();
  Take(watcher);
  watcher->Acknowledge(1000);
  EXPECT_FALSE(HasReturned(Announce({Of("phone")})));
}

TEST_F(RevocationFeedTest, WatchersAreToGoWhenItCloses) {
  const Watcher watcher = Watch();
  EXPECT_FALSE(watcher->IsToGo());
  feed_.Close();
  EXPECT_TRUE(watcher->IsToGo());
  EXPECT_EQ(news_, 1);
}

}  // namespace
}  // namespace tidemark::auth
