// Engine::Watch, over memory; who is told what is watch_hub_test.cc's.
#include <future>

#include "services/sync/engine/test_engine.h"

namespace tidemark::sync {
namespace {

// A client that takes what it is sent.
class Client {
 public:
  WatchSink Sink() {
    return {.send = [this](Head head) -> Task<absl::Status> {
              const absl::Status answer = answer_;
              Note(FormatEtag(head));
              co_return answer;
            },
            .when_gone = [this](std::function<void()> gone) { leave_ = std::move(gone); }};
  }

  // Its next message is refused: it has gone.
  void RefuseFromNowOn() { answer_ = absl::CancelledError("gone"); }
  void Leave() { leave_(); }

  // The ETags so far, once they are `count` or 20 s have passed.
  std::vector<std::string> Await(std::size_t count) {
    MutexLock lock(&mutex_);
    const CondVar::Deadline deadline = CondVar::In(absl::Seconds(20));
    while (etags_.size() < count && changed_.WaitUntil(mutex_, deadline)) {
    }
    return etags_;
  }

 private:
  void Note(std::string etag) {
    MutexLock lock(&mutex_);
    etags_.push_back(std::move(etag));
    changed_.NotifyAll();
  }

  absl::Status answer_;
  std::function<void()> leave_;
  Mutex mutex_;
  CondVar changed_;
  std::vector<std::string> etags_ ABSL_GUARDED_BY(mutex_);
};

class WatchTest : public EngineTest {
 protected:
  ~WatchTest() override {
    // What still watches ends before the engine does.
    engine_->EndWatches();
    for (std::future<void>& watch : watches_) watch.wait();
  }

  // Returns once it waits, or has ended.
  std::future<absl::Status> Watch(Client& client, std::optional<std::string> if_none_match = std::nullopt) {
    auto ended = std::make_shared<std::promise<absl::Status>>();
    auto done = std::make_shared<std::promise<void>>();
    watches_.push_back(done->get_future());
    Spawn(loops_.at(0), [this, &client, if_none_match, ended, done]() -> Task<void> {
      Call call{.user = user_,
                .origin = {.request_id = "request"},
                .token_expires_at = expires_at_,
                .limit = std::nullopt};
      absl::Status status = co_await engine_->Watch(call, if_none_match, client.Sink());
      ended->set_value(std::move(status));
      done->set_value();
    });
    Settle();
    return ended->get_future();
  }

  void Tick() {
    RunBlocking<void>(loops_.at(0), [this] { return engine_->Tick(); });
  }
  void Ticks(int count) {
    for (int i = 0; i < count; ++i) Tick();
  }
  // Lets the loop do what it has to do without waiting for anybody.
  void Settle() {
    for (int i = 0; i < 20; ++i) RunBlocking<void>(loops_.at(0), []() -> Task<void> { co_return; });
  }

  // A push through another replica, whose announcement gets lost.
  void PushElsewhere(const std::string& id) {
    const Decide add = [&id](const PushLoad& load) {
      PushRequest request;
      request.changes = {Milk(id)};
      request.now = kNow;
      return ApplyPush(request, load.state);
    };
    ASSERT_TRUE(RunBlocking<absl::StatusOr<Pushed>>(loops_.at(0), [&] {
                  return memory_store_.Push(user_, {}, add);
                }).ok());
  }
  std::string Etag() { return FormatEtag(StoredHead()); }

  UnixMillis expires_at_{kUnixMillisMax};

 private:
  std::vector<std::future<void>> watches_;
};

TEST_F(WatchTest, TellsTheCurrentStateAtOnceAndEachThatFollows) {
  Make({"a"});
  const std::string first = Etag();
  Client client;
  Watch(client);
  EXPECT_THAT(client.Await(1), testing::ElementsAre(first));
  Make({"b"});
  EXPECT_THAT(client.Await(2), testing::ElementsAre(first, Etag()));
}

TEST_F(WatchTest, AUserWithoutTasksHasAStateToo) {
  Client client;
  Watch(client);
  EXPECT_THAT(client.Await(1), testing::ElementsAre("\"0-0-0\""));
}

TEST_F(WatchTest, TheStateThatTheClientNamesIsNotToldAgain) {
  Make({"a"});
  const std::string known = Etag();
  Client client;
  Watch(client, known);
  Make({"b"});
  EXPECT_THAT(client.Await(1), testing::ElementsAre(Etag()));
  EXPECT_NE(Etag(), known);
}

TEST_F(WatchTest, AStarNamesNoState) {
  Client client;
  Watch(client, "*");
  EXPECT_THAT(client.Await(1), testing::ElementsAre(Etag()));
}

TEST_F(WatchTest, APushOfV1IsToldLikeAnyOther) {
  Client client;
  Watch(client);
  client.Await(1);
  SyncV1Request request;
  request.changes = {Milk("a").Version(1).Completed(false).Pinned(false).Alive()};
  const absl::Status pushed = Run<absl::Status>([&](Call& call) {
    return engine_->SyncV1(call, request,
                           [](SyncV1Part) -> Task<absl::Status> { co_return absl::OkStatus(); });
  });
  ASSERT_TRUE(pushed.ok()) << pushed;
  EXPECT_EQ(client.Await(2).back(), Etag());
}

TEST_F(WatchTest, APushThatChangesNothingIsNotTold) {
  SyncRequest push = PushOf({Milk("a").Number(1)});
  Sync(push);
  Client client;
  Watch(client);
  Sync(push);
  Make({"b"});
  EXPECT_THAT(client.Await(2), testing::ElementsAre(testing::_, Etag()));
}

TEST_F(WatchTest, ACommitWhoseAnswerWasLostIsToldAfterALook) {
  Client client;
  Watch(client);
  client.Await(1);
  Ticks(1);
  store_.lose_next_answer = true;
  EXPECT_EQ(CodeOf(Refused(PushOf({Milk("a")}))), "unavailable");
  Tick();
  EXPECT_EQ(client.Await(2).back(), Etag());
}

TEST_F(WatchTest, WhatWasNeverAnnouncedIsFoundWithinHalfAMinute) {
  cache_.away = true;
  Client client;
  Watch(client);
  client.Await(1);
  Ticks(1);
  PushElsewhere("a");
  Ticks(WatchHub::kReadEvery);
  EXPECT_EQ(client.Await(2).back(), Etag());
}

TEST_F(WatchTest, WhileOtherReplicasAreNotHeardHeadsAreReadEveryFewSeconds) {
  bus_.Cut();
  cache_.away = true;
  Client client;
  Watch(client);
  client.Await(1);
  Ticks(1);
  PushElsewhere("a");
  Ticks(WatchHub::kReadEveryAlone);
  EXPECT_EQ(client.Await(2).back(), Etag());
}

TEST_F(WatchTest, WhileTheStoreIsAwayStreamsWaitAndThenAreTold) {
  Client client;
  std::future<absl::Status> end = Watch(client);
  client.Await(1);
  cache_.away = true;
  store_.away = true;
  Ticks(WatchHub::kReadEvery);
  EXPECT_EQ(end.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  PushElsewhere("a");
  store_.away = false;
  Tick();
  EXPECT_EQ(client.Await(2).back(), Etag());
}

TEST_F(WatchTest, AStateThatCannotBeReadIsUnavailable) {
  Client client;
  cache_.away = true;
  store_.away = true;
  EXPECT_EQ(CodeOf(Watch(client).get()), "unavailable");
}

TEST_F(WatchTest, EndsWithTheToken) {
  expires_at_ = {kNow.value + 1'000};
  Client client;
  std::future<absl::Status> end = Watch(client);
  clock_.AdvanceMillis(999);
  Tick();
  EXPECT_EQ(end.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  clock_.AdvanceMillis(1);
  Tick();
  EXPECT_EQ(CodeOf(end.get()), "expired_token");
}

TEST_F(WatchTest, EndsWhenTheClientGoesAndLeavesItsPlace) {
  Client client;
  for (int i = 0; i < 2 * WatchHub::kStreamsMax; ++i) {
    std::future<absl::Status> end = Watch(client);
    client.Leave();
    EXPECT_EQ(end.get().code(), absl::StatusCode::kCancelled);
    Settle();
  }
}

TEST_F(WatchTest, EndsWhenAMessageCannotBeSent) {
  Client client;
  std::future<absl::Status> end = Watch(client);
  client.RefuseFromNowOn();
  Make({"a"});
  EXPECT_EQ(end.get().code(), absl::StatusCode::kCancelled);
}

TEST_F(WatchTest, EndsAtOnceWhenTheProcessStops) {
  Client client, late;
  std::future<absl::Status> end = Watch(client);
  engine_->EndWatches();
  EXPECT_EQ(CodeOf(end.get()), "unavailable");
  EXPECT_EQ(CodeOf(Watch(late).get()), "unavailable");
}

TEST_F(WatchTest, OpeningAStreamCostsACheck) {
  Serve({{"check", 1}});
  Client client, late;
  Watch(client);
  EXPECT_EQ(CodeOf(Watch(late).get()), "rate_limited");
}

}  // namespace
}  // namespace tidemark::sync
