#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <random>
#include <stdexcept>

#include "common/redis/client.h"
#include "common/redis/reply.h"
#include "common/redis/test_server.h"

namespace tidemark::redis {
namespace {

std::string ServerUrl() {
  const char* url = std::getenv("TIDEMARK_TEST_REDIS_URL");
  if (url == nullptr) throw std::runtime_error("TIDEMARK_TEST_REDIS_URL is not set: run this through ./test");
  return url;
}

class ClientTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(AwaitConnected(loops_, client_)); }

  absl::StatusOr<Reply> Command(std::vector<std::string> arguments) {
    return RunBlocking<absl::StatusOr<Reply>>(loops_.at(0), [&]() -> Task<absl::StatusOr<Reply>> {
      co_return co_await client_.Command(arguments);
    });
  }
  absl::StatusOr<Reply> Eval(const Script& script, std::vector<std::string> keys,
                             std::vector<std::string> arguments) {
    return RunBlocking<absl::StatusOr<Reply>>(loops_.at(0), [&]() -> Task<absl::StatusOr<Reply>> {
      co_return co_await client_.Eval(script, keys, arguments);
    });
  }
  // Of this test alone: others use the same server.
  std::string Key(const std::string& name) const { return prefix_ + name; }

  const std::string prefix_ = "test:" + std::to_string(std::random_device()()) + ":";
  EventLoops loops_{2};
  Client client_{loops_, {.url = ServerUrl(), .command_timeout = absl::Seconds(20)}};
};

TEST_F(ClientTest, AnyBytesComeBackAsTheyWereSent) {
  const std::string bytes("\0\r\n\xff*3\r\n", 8);
  EXPECT_EQ(Command({"SET", Key("bytes"), bytes, "EX", "60"})->text, "OK");
  EXPECT_EQ(Command({"GET", Key("bytes")})->text, bytes);
}

TEST_F(ClientTest, AMissingKeyIsNil) { EXPECT_TRUE(Command({"GET", Key("missing")})->nil()); }

TEST_F(ClientTest, AnErrorReplyIsInternalAndLeavesTheConnectionUsable) {
  ASSERT_TRUE(Command({"SET", Key("text"), "x", "EX", "60"}).ok());
  const absl::Status status = Command({"LPUSH", Key("text"), "y"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(std::string(status.message()).find("WRONGTYPE"), 0u) << status;
  EXPECT_EQ(Command({"GET", Key("text")})->text, "x");
}

TEST_F(ClientTest, CommandsSentTogetherAreAnsweredInOrder) {
  constexpr int kCommands = 2'000;
  std::vector<int64_t> answers(kCommands, 0);
  std::promise<void> all;
  int answered = 0;
  const std::vector<std::string> increment = {"INCR", Key("counter")};
  for (int i = 0; i < kCommands; ++i) {
    Spawn(loops_.at(0), [&, i]() -> Task<void> {
      absl::StatusOr<Reply> reply = co_await client_.Command(increment);
      answers[i] = reply.ok() ? reply->integer : -1;
      if (++answered == kCommands) all.set_value();
    });
  }
  all.get_future().wait();
  ASSERT_TRUE(Command({"DEL", Key("counter")}).ok());
  for (int i = 0; i < kCommands; ++i) ASSERT_EQ(answers[i], i + 1);
}

TEST_F(ClientTest, OneMoreThanMayBeInFlightIsResourceExhausted) {
  Client narrow(loops_, {.url = ServerUrl(), .command_timeout = absl::Seconds(20), .in_flight_max = 3});
  ASSERT_TRUE(AwaitConnected(loops_, narrow));
  const std::vector<std::string> wait = {"BLPOP", Key("never"), "0.1"};
  constexpr int kCalls = 5;
  std::vector<absl::StatusCode> codes(kCalls);
  std::promise<void> all;
  int answered = 0;
  // In one turn of the loop, so that none is answered before the last is sent.
  loops_.at(0).Post([&] {
    for (int i = 0; i < kCalls; ++i) {
      Spawn(loops_.at(0), [&, i]() -> Task<void> {
        absl::StatusOr<Reply> reply = co_await narrow.Command(wait);
        codes[i] = reply.status().code();
        if (++answered == kCalls) all.set_value();
      });
    }
  });
  all.get_future().wait();
  EXPECT_EQ(std::count(codes.begin(), codes.end(), absl::StatusCode::kOk), 3);
  EXPECT_EQ(std::count(codes.begin(), codes.end(), absl::StatusCode::kResourceExhausted), 2);
}

TEST_F(ClientTest, EachLoopHasAConnectionOfItsOwn) {
  const std::vector<std::string> ask = {"CLIENT", "ID"};
  std::vector<int64_t> ids;
  for (int i = 0; i < 2; ++i) {
    ids.push_back(RunBlocking<int64_t>(loops_.at(i), [&]() -> Task<int64_t> {
      absl::StatusOr<Reply> id = co_await client_.Command(ask);
      co_return id.ok() ? id->integer : 0;
    }));
  }
  EXPECT_NE(ids[0], ids[1]);
}

TEST_F(ClientTest, TheRunIdIsTheServers) {
  const std::string info = Command({"INFO", "server"})->text;
  const std::string run_id =
      RunBlocking<std::string>(loops_.at(1), [&]() -> Task<std::string> { co_return client_.run_id(); });
  EXPECT_EQ(run_id.size(), 40u);
  EXPECT_EQ(run_id, InfoField(info, "run_id"));
}

TEST_F(ClientTest, AScriptGetsItsKeysAndArguments) {
  static const Script kEcho("return {KEYS[1], ARGV[1], ARGV[2], #KEYS, redis.sha1hex('')}");
  const absl::StatusOr<Reply> reply = Eval(kEcho, {Key("k")}, {"a", ""});
  ASSERT_TRUE(reply.ok()) << reply.status();
  EXPECT_EQ(reply->elements[0].text, Key("k"));
  EXPECT_EQ(reply->elements[1].text, "a");
  EXPECT_EQ(reply->elements[2].text, "");
  EXPECT_EQ(reply->elements[3].integer, 1);
}

TEST_F(ClientTest, AnErrorInAScriptIsInternal) {
  static const Script kBroken("return redis.error_reply('MYERR no')");
  EXPECT_EQ(Eval(kBroken, {}, {}).status(), absl::InternalError("MYERR no"));
}

TEST(ClientSettingsTest, AUrlThatIsNoneIsRefusedAtOnce) {
  EventLoops loops(1);
  EXPECT_THROW(Client(loops, {.url = "localhost:6379"}), std::invalid_argument);
}

}  // namespace
}  // namespace tidemark::redis
