#include "common/pg/server_state.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace tidemark::pg {
namespace {

class ServerStateTest : public testing::Test {
 protected:
  ServerStateTest() { socketpair(AF_UNIX, SOCK_STREAM, 0, ends_.data()); }
  ~ServerStateTest() override {
    for (const int end : ends_) close(end);
  }
  std::unique_ptr<ServerState::Connected> Connect() {
    return std::make_unique<ServerState::Connected>(server_, ends_[0]);
  }
  // Whoever waits on it goes on, and finds it ended.
  bool HasEnded() {
    char byte = 0;
    return recv(ends_[0], &byte, 1, MSG_DONTWAIT) == 0;
  }

  std::array<int, 2> ends_{};
  absl::Time now_ = absl::UnixEpoch();
  ServerState server_{[this] { return now_; }};
};

TEST_F(ServerStateTest, ALossMakesAllConnectionsOfItsAgeOld) {
  const int made_before = server_.generation();
  server_.Lost(made_before, "restarted");
  EXPECT_NE(server_.generation(), made_before);
}

TEST_F(ServerStateTest, TheSameRestartNoticedTwiceIsOneLoss) {
  const int made_before = server_.generation();
  server_.Lost(made_before, "restarted");
  const int made_after = server_.generation();
  server_.Lost(made_before, "restarted");
  EXPECT_EQ(server_.generation(), made_after);
}

TEST_F(ServerStateTest, IsAwayForAQuarterSecondAfterAFailedAttempt) {
  EXPECT_FALSE(server_.away());
  server_.ConnectFailed("refused");
  now_ += absl::Milliseconds(249);
  EXPECT_TRUE(server_.away());
  now_ += absl::Milliseconds(1);
  EXPECT_FALSE(server_.away());
}

TEST_F(ServerStateTest, IsNotAwayAnyMoreOnceSomeoneConnects) {
  server_.ConnectFailed("refused");
  const auto connected = Connect();
  EXPECT_FALSE(server_.away());
}

TEST_F(ServerStateTest, KnowsWhetherAnyoneIsConnected) {
  EXPECT_FALSE(server_.anyone_connected());
  auto one = Connect();
  auto other = Connect();
  one.reset();
  EXPECT_TRUE(server_.anyone_connected());
  other.reset();
  EXPECT_FALSE(server_.anyone_connected());
}

TEST_F(ServerStateTest, IsHealthyWhileItAnswers) {
  EXPECT_FALSE(server_.healthy()) << "it was never asked";
  server_.Answered();
  EXPECT_TRUE(server_.healthy());
  now_ += absl::Seconds(5);
  EXPECT_FALSE(server_.healthy()) << "a stalled server answers nothing";
  server_.Answered();
  server_.Lost(server_.generation(), "restarted");
  EXPECT_FALSE(server_.healthy());
}

TEST_F(ServerStateTest, OneThatHangsEndsWhatWaitsForIt) {
  server_.Answered();
  const auto connected = Connect();
  const int made_before = server_.generation();
  EXPECT_FALSE(HasEnded());
  server_.Hangs("no answer");
  EXPECT_TRUE(HasEnded());
  EXPECT_FALSE(server_.healthy());
  EXPECT_NE(server_.generation(), made_before);
}

TEST_F(ServerStateTest, OneThatHangsIsAwayUntilItAnswers) {
  const auto connected = Connect();
  server_.Hangs("no answer");
  EXPECT_FALSE(server_.anyone_connected()) << "to nobody who could do the work";
  now_ += absl::Hours(1);
  EXPECT_TRUE(server_.away());
  server_.Answered();
  EXPECT_FALSE(server_.away());
}

TEST_F(ServerStateTest, AConnectionLetGoOfIsNotEnded) {
  Connect().reset();
  server_.Hangs("no answer");
  EXPECT_FALSE(HasEnded()) << "its number may be another's by now";
}

TEST_F(ServerStateTest, AFullServerIsHealthyForThoseConnected) {
  auto connected = Connect();
  server_.Answered();
  server_.ConnectFailed("too many connections");
  EXPECT_TRUE(server_.healthy());
  connected.reset();
  server_.ConnectFailed("too many connections");
  EXPECT_FALSE(server_.healthy());
}

}  // namespace
}  // namespace tidemark::pg
