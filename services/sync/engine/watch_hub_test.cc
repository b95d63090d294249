#include "services/sync/engine/watch_hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <string>
#include <utility>
#include <vector>

#include "common/async/event_loops.h"
#include "common/status/error.h"
#include "services/sync/storage/memory/memory_head_announcer.h"

namespace tidemark::sync {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using Stream = std::shared_ptr<WatchHub::Stream>;

class WatchHubTest : public testing::Test {
 protected:
  ~WatchHubTest() override {
    // What still waits lets go of its stream before the hub goes.
    hub_.Close();
    for (int i = 0; i < 20; ++i) Turn();
  }

  // What the loop had to do before is done.
  void Turn() {
    RunBlocking<void>(loops_.at(0), []() -> Task<void> { co_return; });
  }

  static LiveHead At(int64_t high_water, std::string epoch = "e1") {
    return {Epoch(std::move(epoch)),
            {.high_water = {high_water}, .live_count = 1, .version_sum = 1, .purged_through = {}}};
  }
  static constexpr UnixMillis kFar{1'000'000};

  Stream Open(UnixMillis expires_at = kFar) {
    absl::StatusOr<Stream> stream = hub_.Open(ada_, SessionId("adas"), expires_at);
    EXPECT_TRUE(stream.ok()) << stream.status();
    return *std::move(stream);
  }
  // One that was told `high_water`.
  Stream OpenAt(int64_t high_water) {
    Stream stream = Open();
    hub_.Found(ada_, At(high_water));
    EXPECT_EQ(Next(stream), high_water);
    return stream;
  }

  // Of another replica.
  void Announce(const UserId& user, const LiveHead& live) { other_.Announce({user, live.epoch, live.head}); }
  void Announce(int64_t high_water) { Announce(ada_, At(high_water)); }

  std::future<absl::StatusOr<Head>> NextOf(const Stream& stream) {
    auto told = std::make_shared<std::promise<absl::StatusOr<Head>>>();
    Spawn(loops_.at(0), [stream, told]() -> Task<void> { told->set_value(co_await stream->Next()); });
    Turn();
    return told->get_future();
  }
  testing::AssertionResult Waits(std::future<absl::StatusOr<Head>>& next) {
    Turn();
    const bool told = next.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
    return told ? testing::AssertionFailure() << "was told" : testing::AssertionSuccess();
  }
  // The high_water it is told.
  int64_t Next(const Stream& stream) {
    const absl::StatusOr<Head> head = NextOf(stream).get();
    EXPECT_TRUE(head.ok()) << head.status();
    return head.ok() ? head->high_water.value : -1;
  }
  absl::Status EndOf(const Stream& stream) { return NextOf(stream).get().status(); }

  // Whose heads are read at each of the next `seconds`.
  std::vector<std::size_t> Due(int seconds) {
    std::vector<std::size_t> due;
    for (int i = 0; i < seconds; ++i) due.push_back(hub_.TakeDue().size());
    return due;
  }

  const UserId ada_{"ada"};
  const UserId bob_{"bob"};
  EventLoops loops_{1};
  AnnouncementBus bus_;
  MemoryHeadAnnouncer announcer_{bus_};
  MemoryHeadAnnouncer other_{bus_};
  WatchHub hub_{announcer_};
};

TEST_F(WatchHubTest, AStreamWaitsUntilAHeadIsFoundAndThenForNewerOnes) {
  const Stream stream = Open();
  auto first = NextOf(stream);
  EXPECT_TRUE(Waits(first));
  hub_.Found(ada_, At(5));
  EXPECT_EQ(first.get()->high_water.value, 5);
  auto second = NextOf(stream);
  EXPECT_TRUE(Waits(second));
  Announce(6);
  EXPECT_EQ(second.get()->high_water.value, 6);
}

TEST_F(WatchHubTest, AnOlderOrEqualHeadIsNeverTold) {
  const Stream stream = OpenAt(5);
  auto next = NextOf(stream);
  Announce(4);
  Announce(5);
  hub_.Found(ada_, At(4));
  hub_.Found(ada_, At(5));
  EXPECT_TRUE(Waits(next));
  Announce(6);
  EXPECT_EQ(next.get()->high_water.value, 6);
}

TEST_F(WatchHubTest, WhatCameWhileAStreamWasBusyIsToldAsTheNewestAlone) {
  const Stream stream = OpenAt(5);
  Announce(6);
  Announce(8);
  Announce(7);
  EXPECT_EQ(Next(stream), 8);
  auto next = NextOf(stream);
  EXPECT_TRUE(Waits(next));
}

TEST_F(WatchHubTest, EachStreamOfAUserIsToldAndNobodyElses) {
  const Stream first = OpenAt(5);
  const Stream second = Open();
  EXPECT_EQ(Next(second), 5);
  const absl::StatusOr<Stream> bobs = hub_.Open(bob_, SessionId("bobs"), kFar);
  auto of_bob = NextOf(*bobs);
  Announce(6);
  EXPECT_EQ(Next(first), 6);
  EXPECT_EQ(Next(second), 6);
  EXPECT_TRUE(Waits(of_bob));
}

TEST_F(WatchHubTest, TheEleventhStreamOfAUserIsRefusedUntilOneLeaves) {
  std::vector<Stream> streams;
  for (int i = 0; i < WatchHub::kStreamsMax; ++i) streams.push_back(Open());
  const ErrorInfo refused = ErrorInfoOf(hub_.Open(ada_, SessionId("adas"), kFar).status());
  EXPECT_EQ(refused.code, Code::kRateLimited);
  EXPECT_TRUE(refused.details.retry_after.has_value());
  EXPECT_TRUE(hub_.Open(bob_, SessionId("bobs"), kFar).ok());
  streams.pop_back();
  EXPECT_TRUE(hub_.Open(ada_, SessionId("adas"), kFar).ok());
}

TEST_F(WatchHubTest, AStreamEndsWithItsToken) {
  const Stream stream = Open({100});
  const Stream other = Open({101});
  auto end = NextOf(stream);
  auto of_other = NextOf(other);
  hub_.EndExpired({99});
  EXPECT_TRUE(Waits(end));
  hub_.EndExpired({100});
  EXPECT_EQ(ErrorInfoOf(end.get().status()).code, Code::kExpiredToken);
  EXPECT_TRUE(Waits(of_other));
}

TEST_F(WatchHubTest, TheFirstEndCountsAndNoHeadComesAfterIt) {
  const Stream stream = OpenAt(5);
  stream->End(absl::CancelledError("gone"));
  hub_.Close();
  Announce(6);
  EXPECT_EQ(EndOf(stream).code(), absl::StatusCode::kCancelled);
}

TEST_F(WatchHubTest, ClosingEndsAllStreamsAndThoseToCome) {
  const Stream idle = OpenAt(5);
  const Stream busy = OpenAt(6);
  auto end = NextOf(idle);
  EXPECT_EQ(end.get()->high_water.value, 6);
  end = NextOf(idle);
  hub_.Close();
  EXPECT_EQ(ErrorInfoOf(end.get().status()).code, Code::kUnavailable);
  EXPECT_EQ(ErrorInfoOf(EndOf(busy)).code, Code::kUnavailable);
  EXPECT_EQ(ErrorInfoOf(hub_.Open(ada_, SessionId("adas"), kFar).status()).code, Code::kUnavailable);
}

TEST_F(WatchHubTest, HeadsAreReadEachHalfMinuteWhileOthersAreHeardAndOftenWhileTheyAreNot) {
  const Stream stream = OpenAt(5);
  std::vector<std::size_t> expected(31, 0);
  expected.front() = expected.back() = 1;
  EXPECT_EQ(Due(31), expected);
  bus_.Cut();
  EXPECT_THAT(Due(7), ElementsAre(1, 0, 0, 1, 0, 0, 1));
}

TEST_F(WatchHubTest, HeadsAreReadAtOnceWhenOthersAreHeardAgain) {
  const Stream stream = OpenAt(5);
  EXPECT_THAT(Due(2), ElementsAre(1, 0));
  bus_.Cut();
  bus_.Mend();
  EXPECT_THAT(Due(2), ElementsAre(1, 0));
}

TEST_F(WatchHubTest, AReadThatFailedIsDueAgain) {
  const Stream stream = OpenAt(5);
  EXPECT_THAT(Due(2), ElementsAre(1, 0));
  hub_.ReadAllSoon();
  EXPECT_THAT(Due(2), ElementsAre(1, 0));
}

TEST_F(WatchHubTest, ACommitOfUnknownOutcomeIsLookedUp) {
  const Stream stream = OpenAt(5);
  const absl::StatusOr<Stream> bobs = hub_.Open(bob_, SessionId("bobs"), kFar);
  Due(1);
  other_.Announce({ada_, Epoch("e1"), std::nullopt});
  EXPECT_THAT(hub_.TakeDue(), ElementsAre(ada_));
  EXPECT_THAT(hub_.TakeDue(), IsEmpty());
}

TEST_F(WatchHubTest, InAnotherDataSetAHeadIsLookedUpAndToldThoughItsStampIsLower) {
  const Stream stream = OpenAt(5);
  Due(1);
  auto next = NextOf(stream);
  Announce(ada_, At(3, "e2"));
  EXPECT_TRUE(Waits(next));
  EXPECT_THAT(hub_.TakeDue(), ElementsAre(ada_));
  hub_.Found(ada_, At(3, "e2"));
  EXPECT_EQ(next.get()->high_water.value, 3);
}

TEST_F(WatchHubTest, OnlyThoseWhoAreWatchedAreRead) {
  Announce(bob_, At(5));
  EXPECT_THAT(hub_.TakeDue(), IsEmpty());
  Stream stream = Open();
  const absl::StatusOr<Stream> bobs = hub_.Open(bob_, SessionId("bobs"), kFar);
  hub_.ReadAllSoon();
  EXPECT_THAT(hub_.TakeDue(), UnorderedElementsAre(ada_, bob_));
  stream.reset();
  hub_.ReadAllSoon();
  EXPECT_THAT(hub_.TakeDue(), ElementsAre(bob_));
}

}  // namespace
}  // namespace tidemark::sync
