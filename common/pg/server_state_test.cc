#include "common/pg/server_state.h"

#include <gtest/gtest.h>

namespace tidemark::pg {
namespace {

class ServerStateTest : public testing::Test {
 protected:
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
  server_.Connected();
  EXPECT_FALSE(server_.away());
}

TEST_F(ServerStateTest, KnowsWhetherAnyoneIsConnected) {
  EXPECT_FALSE(server_.anyone_connected());
  server_.Connected();
  server_.Connected();
  server_.Disconnected();
  EXPECT_TRUE(server_.anyone_connected());
  server_.Disconnected();
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

TEST_F(ServerStateTest, AFullServerIsHealthyForThoseConnected) {
  server_.Connected();
  server_.Answered();
  server_.ConnectFailed("too many connections");
  EXPECT_TRUE(server_.healthy());
  server_.Disconnected();
  server_.ConnectFailed("too many connections");
  EXPECT_FALSE(server_.healthy());
}

}  // namespace
}  // namespace tidemark::pg
