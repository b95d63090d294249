#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/async/test_eventually.h"
#include "common/mutex/mutex.h"
#include "common/redis/subscriber.h"
#include "common/redis/test_server.h"

namespace tidemark::redis {
namespace {

using testing::ElementsAre;

class SubscriberTest : public testing::Test {
 protected:
  // Returns at once.
  void Subscribe(const std::string& url) {
    subscriber_.emplace(loops_.at(0), SubscriberOptions{.url = url, .heartbeat = absl::Milliseconds(500)},
                        "heads",
                        SubscriberHandlers{.received = [this](std::string_view text) { Note(text); },
                                           .connected = [this] { Note("(connected)"); },
                                           .lost = [this] { Note("(lost)"); }});
  }
  void Subscribe() { Subscribe(server_.url()); }

  // What happened since the last call, once it is `count` things or 20 s have passed.
  std::vector<std::string> Next(std::size_t count) {
    MutexLock lock(&mutex_);
    const auto deadline = CondVar::In(absl::Seconds(20));
    while (notes_.size() < count && changed_.WaitUntil(mutex_, deadline)) {
    }
    return std::exchange(notes_, {});
  }

  void Publish(const std::string& text) { EXPECT_EQ(server_.Ask({"PUBLISH", "heads", text}), "1"); }

  // What `statistic`, the text before a number, counts has come to `count`.
  bool ServerHasSeen(const std::string& statistic, int count) {
    return Eventually([&] {
      const std::string info = server_.Ask({"INFO", "all"});
      const size_t at = info.find(statistic);
      return at != std::string::npos && std::atoi(info.c_str() + at + statistic.size()) >= count;
    });
  }

  TestServer server_;

 private:
  void Note(std::string_view text) {
    MutexLock lock(&mutex_);
    notes_.emplace_back(text);
    changed_.NotifyAll();
  }

  Mutex mutex_;
  CondVar changed_;
  std::vector<std::string> notes_ ABSL_GUARDED_BY(mutex_);

 protected:
  EventLoops loops_{1};
  std::optional<Subscriber> subscriber_;
};

TEST_F(SubscriberTest, HearsWhatIsPublishedOnceItIsConnected) {
  Subscribe();
  EXPECT_THAT(Next(1), ElementsAre("(connected)"));
  Publish("one");
  ASSERT_EQ(server_.Ask({"EVAL", R"(return redis.call('PUBLISH', 'heads', '\0\r\n\255'))", "0"}), "1");
  EXPECT_EQ(server_.Ask({"PUBLISH", "others", "not for it"}), "0");
  Publish("");
  EXPECT_THAT(Next(3), ElementsAre("one", std::string("\0\r\n\xff", 4), ""));
}

TEST_F(SubscriberTest, StaysConnectedThroughManyHeartbeats) {
  Subscribe();
  EXPECT_THAT(Next(1), ElementsAre("(connected)"));
  EXPECT_TRUE(ServerHasSeen("cmdstat_subscribe:calls=", 4));
  Publish("still there");
  EXPECT_THAT(Next(1), ElementsAre("still there"));
}

TEST_F(SubscriberTest, TellsWhenItWasCutOffAndWhenItHearsAgain) {
  Subscribe();
  EXPECT_THAT(Next(1), ElementsAre("(connected)"));
  server_.Stop();
  EXPECT_THAT(Next(1), ElementsAre("(lost)"));
  server_.Start();
  EXPECT_THAT(Next(1), ElementsAre("(connected)"));
  Publish("again");
  EXPECT_THAT(Next(1), ElementsAre("again"));
}

TEST_F(SubscriberTest, AKilledConnectionIsMadeAgain) {
  Subscribe();
  EXPECT_THAT(Next(1), ElementsAre("(connected)"));
  ASSERT_EQ(server_.Ask({"CLIENT", "KILL", "TYPE", "pubsub"}), "1");
  EXPECT_THAT(Next(2), ElementsAre("(lost)", "(connected)"));
}

TEST_F(SubscriberTest, AServerThatFallsSilentIsLost) {
  Subscribe();
  EXPECT_THAT(Next(1), ElementsAre("(connected)"));
  server_.Pause();
  EXPECT_THAT(Next(1), ElementsAre("(lost)"));
  server_.Continue();
  EXPECT_THAT(Next(1), ElementsAre("(connected)"));
}

TEST_F(SubscriberTest, WhereNobodyListensItKeepsTrying) {
  server_.Stop();
  Subscribe();
  server_.Start();
  EXPECT_THAT(Next(1), ElementsAre("(connected)"));
}

TEST_F(SubscriberTest, GivesThePasswordOfTheUrl) {
  ASSERT_EQ(server_.Ask({"CONFIG", "SET", "requirepass", "s3cret"}), "OK");
  const std::string host = server_.url().substr(std::string("redis://").size());
  Subscribe("redis://:s3cret@" + host + "/7");
  EXPECT_THAT(Next(1), ElementsAre("(connected)"));
}

TEST_F(SubscriberTest, ASubscriptionThatIsRefusedIsTriedAgain) {
  ASSERT_EQ(server_.Ask({"ACL", "SETUSER", "default", "resetchannels"}), "OK");
  Subscribe();
  EXPECT_TRUE(ServerHasSeen("errorstat_NOPERM:count=", 2));
  ASSERT_EQ(server_.Ask({"ACL", "SETUSER", "default", "allchannels"}), "OK");
  EXPECT_THAT(Next(1), ElementsAre("(connected)"));
}

TEST_F(SubscriberTest, MayGoWhileItConnects) {
  server_.Pause();
  for (int i = 0; i < 20; ++i) Subscribe();
  server_.Stop();
  for (int i = 0; i < 20; ++i) Subscribe();
  subscriber_.reset();
}

}  // namespace
}  // namespace tidemark::redis
