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
}

Client::~Client() {
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
