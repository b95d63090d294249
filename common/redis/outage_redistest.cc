#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <optional>

#include "absl/time/clock.h"
#include "common/async/test_eventually.h"
#include "common/redis/client.h"
#include "common/redis/test_server.h"
#include "common/status/error.h"

namespace tidemark::redis {
namespace {

// For what is answered, however busy the machine is.
constexpr absl::Duration kPatience = absl::Seconds(60);

class OutageTest : public testing::Test {
 protected:
  void Connect(ClientOptions options) {
    client_.emplace(loops_, options);
    ASSERT_TRUE(AwaitConnected(loops_, *client_));
  }
  void Connect() { Connect({.url = server_.url(), .command_timeout = kPatience}); }

  absl::StatusOr<Reply> Command(std::vector<std::string> arguments) {
    return RunBlocking<absl::StatusOr<Reply>>(loops_.at(0), [&]() -> Task<absl::StatusOr<Reply>> {
      co_return co_await client_->Command(arguments);
    });
  }
  absl::StatusOr<Reply> Eval(const Script& script) {
    return RunBlocking<absl::StatusOr<Reply>>(loops_.at(0), [&]() -> Task<absl::StatusOr<Reply>> {
      co_return co_await client_->Eval(script, std::vector<std::string>(), std::vector<std::string>());
    });
  }
  bool Answers() {
    return RunBlocking<bool>(loops_.at(0), [this] { return client_->Answers(); });
  }
  std::string RunId() {
    return RunBlocking<std::string>(loops_.at(0),
                                    [&]() -> Task<std::string> { co_return client_->run_id(); });
  }
  // Where timeouts are short, a server that is well may be late on a busy machine, and then away for a while.
  absl::StatusOr<Reply> CommandUntilAnswered(const std::vector<std::string>& arguments) {
    absl::StatusOr<Reply> reply = absl::UnknownError("not asked");
    Eventually([&] {
      reply = Command(arguments);
      return reply.ok();
    });
    return reply;
  }
  // Returns once it is under way.
  std::future<absl::Status> SendWhatIsNeverAnswered() {
    auto outcome = std::make_shared<std::promise<absl::Status>>();
    Spawn(loops_.at(0), [this, outcome]() -> Task<void> {
      std::vector<std::string> wait = {"BLPOP", "never", "0"};
      absl::StatusOr<Reply> reply = co_await client_->Command(std::move(wait));
      outcome->set_value(reply.status());
    });
    // The loop takes its turns in order: after this one the command was sent.
    RunId();
    return outcome->get_future();
  }
  // Once the loss was noticed, which takes the loop a moment.
  bool AwaitLost() {
    return Eventually([this] { return RunId().empty(); });
  }

  TestServer server_;
  EventLoops loops_{1};
  std::optional<Client> client_;
};

TEST_F(OutageTest, AScriptThatTheServerForgotIsLoadedAgain) {
  static const Script kScript("return 'ran'");
  Connect();
  EXPECT_EQ(Eval(kScript)->text, "ran");
  ASSERT_EQ(server_.Ask({"SCRIPT", "FLUSH"}), "OK");
  EXPECT_EQ(server_.Ask({"EVALSHA", kScript.sha1(), "0"}).find("NOSCRIPT"), 0u);
  EXPECT_EQ(Eval(kScript)->text, "ran");
  // And is known from then on.
  EXPECT_EQ(server_.Ask({"EVALSHA", kScript.sha1(), "0"}), "ran");
}

TEST_F(OutageTest, AKilledConnectionIsMadeAgainToTheSameServer) {
  Connect();
  const std::string run_id = RunId();
  const int64_t id = Command({"CLIENT", "ID"})->integer;
  ASSERT_EQ(server_.Ask({"CLIENT", "KILL", "ID", std::to_string(id)}), "1");
  EXPECT_TRUE(Eventually([&] { return Command({"CLIENT", "ID"}).value_or(Reply{}).integer > id; }));
  EXPECT_EQ(RunId(), run_id);
}

TEST_F(OutageTest, ARestartedServerHasAnotherRunId) {
  Connect();
  const std::string before = RunId();
  ASSERT_TRUE(Command({"SET", "key", "value"}).ok());

  server_.Stop();
  ASSERT_TRUE(AwaitLost());
  EXPECT_EQ(Command({"GET", "key"}).status().code(), absl::StatusCode::kUnavailable);

  server_.Start();
  ASSERT_TRUE(AwaitConnected(loops_, *client_));
  EXPECT_NE(RunId(), before);
  EXPECT_TRUE(Command({"GET", "key"})->nil());
}

TEST_F(OutageTest, ACommandUnderWayWhenTheServerDiesIsUnavailable) {
  Connect({.url = server_.url(), .command_timeout = kPatience});
  std::future<absl::Status> outcome = SendWhatIsNeverAnswered();
  server_.Stop();
  EXPECT_EQ(outcome.get().code(), absl::StatusCode::kUnavailable);
}

TEST_F(OutageTest, MetricsTellWhatIsUnderWayAndWhatFailed) {
  metrics::Registry registry;
  const auto shows = [&registry](const std::string& line) {
    return registry.Text().find("\ntidemark_" + line + "\n") != std::string::npos;
  };
  Connect({.url = server_.url(), .command_timeout = kPatience, .metrics = &registry});
  EXPECT_TRUE(shows("redis_commands_under_way 0"));
  EXPECT_TRUE(shows("redis_connections 1"));
  EXPECT_TRUE(shows("dependency_up{dependency=\"redis\"} 1"));
  std::future<absl::Status> outcome = SendWhatIsNeverAnswered();
  EXPECT_TRUE(shows("redis_commands_under_way 1"));
  EXPECT_TRUE(shows("redis_commands_failed_total 0"));
  server_.Stop();
  EXPECT_FALSE(outcome.get().ok());
  EXPECT_TRUE(shows("redis_commands_under_way 0"));
  EXPECT_TRUE(shows("redis_commands_failed_total 1"));
  ASSERT_TRUE(AwaitLost());
  EXPECT_TRUE(shows("dependency_up{dependency=\"redis\"} 0"));
  EXPECT_FALSE(Command({"PING"}).ok());
  EXPECT_FALSE(shows("redis_commands_failed_total 1")) << "what cannot be sent has failed too";
  client_.reset();
}

TEST_F(OutageTest, ASilentServerIsDeadlineExceededOnceAndThenAway) {
  Connect({.url = server_.url(), .command_timeout = absl::Milliseconds(100)});
  server_.Pause();
  EXPECT_EQ(Command({"SET", "key", "value"}).status().code(), absl::StatusCode::kDeadlineExceeded);
  // It still accepts connections, but says no hello.
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(Command({"GET", "key"}).status().code(), absl::StatusCode::kUnavailable);
  }
  EXPECT_EQ(RunId(), "");
  server_.Continue();
  EXPECT_TRUE(CommandUntilAnswered({"GET", "key"}).ok());
}

TEST_F(OutageTest, TellsWhetherTheServerAnswers) {
  Connect({.url = server_.url(), .command_timeout = absl::Milliseconds(100)});
  EXPECT_TRUE(Eventually([this] { return Answers(); }));
  server_.Pause();
  EXPECT_FALSE(Answers());
  server_.Continue();
  EXPECT_TRUE(Eventually([this] { return Answers(); }));
  server_.Stop();
  EXPECT_TRUE(Eventually([this] { return !Answers(); }));
}

TEST_F(OutageTest, ALateAnswerIsNotTakenForThatOfALaterCommand) {
  Connect({.url = server_.url(), .command_timeout = absl::Milliseconds(100)});
  ASSERT_TRUE(CommandUntilAnswered({"SET", "key", "old"}).ok());
  server_.Pause();
  EXPECT_FALSE(Command({"GET", "key"}).ok());
  server_.Continue();
  ASSERT_EQ(server_.Ask({"SET", "key", "new"}), "OK");
  const absl::StatusOr<Reply> later = CommandUntilAnswered({"GET", "key"});
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(later->text, "new");
}

TEST_F(OutageTest, WhereNobodyListensEveryCallFailsAtOnce) {
  server_.Stop();
  client_.emplace(loops_, ClientOptions{.url = server_.url()});
  for (int i = 0; i < 1'000; ++i) {
    const absl::Status status = Command({"GET", "key"}).status();
    ASSERT_EQ(ErrorInfoOf(status).code, Code::kUnavailable);
  }
  EXPECT_EQ(RunId(), "");
  server_.Start();
  EXPECT_TRUE(AwaitConnected(loops_, *client_));
}

TEST_F(OutageTest, AServerThatTurnsReplicaIsLeftForWhoeverIsPrimaryNow) {
  Connect();
  const int64_t id = Command({"CLIENT", "ID"})->integer;
  ASSERT_EQ(server_.Ask({"REPLICAOF", "127.0.0.1", "1"}), "OK");
  EXPECT_EQ(Command({"SET", "key", "value"}).status().code(), absl::StatusCode::kUnavailable);
  ASSERT_EQ(server_.Ask({"REPLICAOF", "NO", "ONE"}), "OK");
  ASSERT_TRUE(AwaitConnected(loops_, *client_));
  EXPECT_GT(Command({"CLIENT", "ID"})->integer, id);
  EXPECT_TRUE(Command({"SET", "key", "value"}).ok());
}

TEST_F(OutageTest, PasswordAndDatabaseAreThoseOfTheUrl) {
  ASSERT_EQ(server_.Ask({"SET", "where", "database 0"}), "OK");
  ASSERT_EQ(server_.Ask({"CONFIG", "SET", "requirepass", "s3cret"}), "OK");
  const std::string host = server_.url().substr(std::string("redis://").size());
  Connect({.url = "redis://:s3cret@" + host + "/7", .command_timeout = kPatience});
  EXPECT_TRUE(Command({"GET", "where"})->nil());
}

TEST_F(OutageTest, AWrongPasswordIsAServerThatCannotBeReached) {
  ASSERT_EQ(server_.Ask({"CONFIG", "SET", "requirepass", "s3cret"}), "OK");
  client_.emplace(loops_, ClientOptions{.url = server_.url()});
  const absl::Time deadline = absl::Now() + absl::Milliseconds(200);
  while (absl::Now() < deadline) {
    ASSERT_EQ(Command({"GET", "key"}).status().code(), absl::StatusCode::kUnavailable);
  }
}

TEST_F(OutageTest, CallsUnderWayEndWithTheClient) {
  Connect({.url = server_.url(), .command_timeout = kPatience});
  std::future<absl::Status> outcome = SendWhatIsNeverAnswered();
  client_.reset();
  EXPECT_EQ(outcome.get().code(), absl::StatusCode::kUnavailable);
}

TEST_F(OutageTest, AClientMayGoWhileItConnects) {
  server_.Pause();
  for (int i = 0; i < 20; ++i) Client client(loops_, {.url = server_.url()});
  server_.Stop();
  for (int i = 0; i < 20; ++i) Client client(loops_, {.url = server_.url()});
}

}  // namespace
}  // namespace tidemark::redis
