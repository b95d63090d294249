#include "common/redis/client.h"

#include <csignal>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "absl/strings/match.h"
#include "common/redis/loop_connection.h"
#include "common/redis/server_address.h"

namespace tidemark::redis {
namespace {

std::vector<std::string> EvalSha(const Script& script, std::vector<std::string> keys,
                                 std::vector<std::string> arguments) {
  std::vector<std::string> command = {"EVALSHA", script.sha1(), std::to_string(keys.size())};
  std::move(keys.begin(), keys.end(), std::back_inserter(command));
  std::move(arguments.begin(), arguments.end(), std::back_inserter(command));
  return command;
}

bool IsUnknownScript(const absl::Status& status) {
  return absl::IsInternal(status) && absl::StartsWith(status.message(), "NOSCRIPT");
}

}  // namespace

Client::Client(EventLoops& loops, ClientOptions options) : loops_(loops) {
  std::signal(SIGPIPE, SIG_IGN);
  const absl::StatusOr<ServerAddress> address = ParseServerAddress(options.url);
  if (!address.ok()) throw std::invalid_argument(std::string(address.status().message()));
  for (int i = 0; i < loops_.size(); ++i) {
    auto connection = std::make_shared<LoopConnection>(loops_.at(i), options, *address);
    loops_.at(i).Post([connection] { connection->Start(); });
    connections_.push_back(std::move(connection));
  }
  if (options.metrics != nullptr) Show(*options.metrics);
}

void Client::Show(metrics::Registry& registry) {
  const auto sum = [this](int64_t (LoopConnection::*of)() const) {
    return [this, of] {
      int64_t total = 0;
      for (const auto& connection : connections_) total += ((*connection).*of)();
      return static_cast<double>(total);
    };
  };
  readings_ = std::make_unique<metrics::Readings>(registry);
  readings_->Gauge("tidemark_redis_commands_under_way", "Commands sent to Redis and not answered.", {},
                   sum(&LoopConnection::under_way));
  readings_->Counter("tidemark_redis_commands_total", "Commands sent to Redis.", {},
                     sum(&LoopConnection::sent));
  readings_->Counter("tidemark_redis_commands_failed_total",
                     "Commands that Redis did not answer: it was away or hung, or too much waited.", {},
                     sum(&LoopConnection::failed));
  readings_->Gauge("tidemark_redis_connections", "Connections to Redis that are up, of one per event loop.",
                   {}, sum(&LoopConnection::up));
  // One of several loops' may be lost for a moment by itself.
  readings_->Gauge("tidemark_dependency_up", "1 while a dependency answers, else 0.",
                   {{"dependency", "redis"}},
                   [up = sum(&LoopConnection::up)] { return up() > 0 ? 1.0 : 0.0; });
}

Client::~Client() {
  readings_ = nullptr;
  for (int i = 0; i < loops_.size(); ++i) {
    RunBlocking<void>(loops_.at(i), [connection = connections_[i]]() -> Task<void> {
      connection->Stop();
      co_return;
    });
  }
}

Task<absl::StatusOr<Reply>> Client::Command(std::vector<std::string> arguments) {
  LoopConnection& connection = Here();
  co_return co_await Await<absl::StatusOr<Reply>>(
      [&](Completion<absl::StatusOr<Reply>> done) { connection.Send(arguments, std::move(done)); });
}

Task<absl::StatusOr<Reply>> Client::Eval(const Script& script, std::vector<std::string> keys,
                                         std::vector<std::string> arguments) {
  std::vector<std::string> command = EvalSha(script, std::move(keys), std::move(arguments));
  absl::StatusOr<Reply> reply = co_await Command(command);
  if (!IsUnknownScript(reply.status())) co_return reply;
  command[0] = "EVAL";
  command[1] = script.source();
  co_return co_await Command(std::move(command));
}

Task<bool> Client::Answers() {
  std::vector<std::string> ping = {"PING"};
  const absl::StatusOr<Reply> reply = co_await Command(std::move(ping));
  co_return reply.ok();
}

std::string Client::run_id() const { return Here().run_id(); }

LoopConnection& Client::Here() const { return *connections_[EventLoop::Current()->index()]; }

}  // namespace tidemark::redis
