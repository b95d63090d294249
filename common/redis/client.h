// Redis, asynchronous and pipelined: one connection per event loop, through hiredis.
//
//   redis::Client redis(loops, {.url = "redis://127.0.0.1:6379"});
//   absl::StatusOr<redis::Reply> reply = co_await redis.Command({"GET", "key"});
//   static const redis::Script kTake(R"lua( … )lua");
//   reply = co_await redis.Eval(kTake, {"bucket:1"}, {"10"});
//
// Commands sent in one turn of a loop travel together. While Redis is away every call fails at once with
// UNAVAILABLE, and the client connects again by itself (backoff 50 ms … 1 s, jittered).
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

namespace tidemark::redis {

// A RESP2 reply.
struct Reply {
  enum class Kind { kNil, kInteger, kString, kArray };
  Kind kind = Kind::kNil;
  int64_t integer = 0;
  // Also status replies ("OK").
  std::string text;
  std::vector<Reply> elements;

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
  std::string url;
  // A command without an answer for this long fails with DEADLINE_EXCEEDED and drops the connection: later
  // answers could not be told apart. Its effect on the server is then unknown.
  absl::Duration command_timeout = absl::Milliseconds(500);
  absl::Duration connect_timeout = absl::Seconds(1);
  // Commands waiting for answers on one connection; one more fails with RESOURCE_EXHAUSTED.
  int in_flight_max = 10'000;
};

// Called from the event loops it was given; each uses its own connection.
class Client {
 public:
  Client(EventLoops& loops, ClientOptions options);
  // Call while the loops still run.
  ~Client();

  // UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED as above; INTERNAL: Redis answered with an error.
  Task<absl::StatusOr<Reply>> Command(std::vector<std::string> arguments);
  Task<absl::StatusOr<Reply>> Eval(const Script& script, std::vector<std::string> keys,
                                   std::vector<std::string> arguments);

  // The server's run id, read anew at each connect of this loop's connection; empty while it is not
  // connected. A restarted or promoted Redis has another.
  std::string run_id() const;

 private:
  class LoopConnection;
  std::vector<std::shared_ptr<LoopConnection>> connections_;
};

}  // namespace tidemark::redis
