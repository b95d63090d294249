// A redis-server of a test's own, to stop, pause and start as it likes.
//
//   redis::TestServer server;
//   redis::Client client(loops, {.url = server.url()});
//   ASSERT_TRUE(redis::AwaitConnected(loops, client));
//   server.Stop();
#pragma once

#include <sys/types.h>

#include <csignal>
#include <string>
#include <vector>

#include "common/async/event_loops.h"
#include "common/redis/client.h"

namespace tidemark::redis {

// Not thread-safe. Throws std::runtime_error if the server does not start.
class TestServer {
 public:
  // Starts an empty server, without persistence, on a free port of 127.0.0.1.
  TestServer();
  ~TestServer();
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;

  std::string url() const;

  // Returns when it is gone. Nothing if it is.
  void Stop(int signal = SIGKILL);
  // Again, on the same port, empty. Returns when it answers.
  void Start();
  // From Pause to Continue it accepts connections and answers nothing.
  void Pause();
  void Continue();

  // Runs a command on a connection of its own, as redis-cli would; an error's text is the answer. The server
  // must be running.
  std::string Ask(const std::vector<std::string>& arguments) const;

 private:
  bool Answers() const;
  void Launch();

  std::string folder_;
  int port_ = 0;
  pid_t process_ = 0;
};

// Waits until `client` is connected on each loop; false if it is not within 20 s.
bool AwaitConnected(EventLoops& loops, Client& client);

}  // namespace tidemark::redis
