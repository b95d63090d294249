// Redis, asynchronous and pipelined: one connection per event loop, through hiredis.
//
//   redis::Client redis(loops, {.url = "redis://127.0.0.1:6379"});
//   std::vector<std::string> get = {"GET", "key"};
//   absl::StatusOr<redis::Reply> reply = co_await redis.Command(std::move(get));
//
//   static const redis::Script kTake(R"lua( … )lua");
//   Task<absl::StatusOr<redis::Reply>> take = redis.Eval(kTake, {"bucket:1"}, {"10"});
//   reply = co_await std::move(take);
//
// (g++ 12 does not compile a braced list inside the expression that is awaited.)
//
// Commands sent in one turn of a loop travel together. While Redis is away every call fails at once with
// UNAVAILABLE, and the client connects again by itself (backoff 50 ms … 1 s, jittered). So do calls in the
// first moments, before the first connection is made.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/event_loops.h"
#include "common/async/task.h"
#include "common/metrics/metrics.h"

namespace tidemark::redis {

// A RESP2 reply.
struct Reply {
  enum class Kind { kNil, kInteger, kString, kArray };
  Kind kind = Kind::kNil;
  int64_t integer = 0;
  // Also status replies ("OK").
  std::string text = {};
  std::vector<Reply> elements = {};

  bool nil() const { return kind == Kind::kNil; }
};

// A Lua script, run by its SHA1 and loaded again when the server has forgotten it.
class Script {
 public:
  explicit Script(std::string source);
  const std::string& source() const { return source_; }
  const std::string& sha1() const { return sha1_; }

 private:
  std::string source_;
  std::string sha1_;
};

struct ClientOptions {
  // redis://[:password@]host:port[/database]
  std::string url = {};
  // A command without an answer for this long fails with DEADLINE_EXCEEDED and drops the connection: later
  // answers could not be told apart. Its effect on the server is then unknown. The others that waited on the
  // connection end with UNAVAILABLE.
  absl::Duration command_timeout = absl::Milliseconds(500);
  // From the first packet to the server's run id.
  absl::Duration connect_timeout = absl::Seconds(1);
  // Commands waiting for answers on one connection; one more fails with RESOURCE_EXHAUSTED.
  int in_flight_max = 10'000;
  // Shows tidemark_redis_*, and tidemark_dependency_up{dependency="redis"}; null: nothing.
  metrics::Registry* metrics = nullptr;
};

class LoopConnection;

// Called from the event loops it was given; each uses its own connection.
class Client {
 public:
  // Starts to connect and returns. Throws std::invalid_argument if the url is none: a mistake in the
  // settings. Ignores SIGPIPE in this process, which hiredis raises when a server goes away.
  Client(EventLoops& loops, ClientOptions options);
  // Calls under way end with UNAVAILABLE. To be called while the loops still run, from none of their threads.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // `arguments` begins with the command's name; any bytes will do. Commands that make the server push
  // (SUBSCRIBE, MONITOR) are not for this connection.
  //   UNAVAILABLE         Redis is away, or cannot serve now: it loads its data, became a replica, is full
  //   DEADLINE_EXCEEDED   see command_timeout
  //   RESOURCE_EXHAUSTED  see in_flight_max
  //   INTERNAL            Redis answered with an error, also one inside an array: the message is its text
  Task<absl::StatusOr<Reply>> Command(std::vector<std::string> arguments);
  // The same for EVALSHA, or EVAL where the script is not known yet. `script` outlives the call.
  Task<absl::StatusOr<Reply>> Eval(const Script& script, std::vector<std::string> keys,
                                   std::vector<std::string> arguments);

  // It answers a PING on this loop's connection.
  Task<bool> Answers();

  // The server's run id, read anew at each connect of this loop's connection, before the first command; empty
  // while it is not connected. A restarted or promoted Redis has another.
  std::string run_id() const;

 private:
  LoopConnection& Here() const;
  void Show(metrics::Registry& registry);

  EventLoops& loops_;
  // By the loop's index.
  std::vector<std::shared_ptr<LoopConnection>> connections_;
  // Of the connections.
  std::unique_ptr<metrics::Readings> readings_;
};

}  // namespace tidemark::redis
