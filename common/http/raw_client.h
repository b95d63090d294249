// A client for tests that sends exactly the bytes it is told to. Blocking, with a timeout that fails the
// read.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "common/http/server.h"

namespace tidemark::http {

class RawClient {
 public:
  // Connects to 127.0.0.1.
  explicit RawClient(int port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  // False: the server has closed.
  bool Send(std::string_view bytes);
  // The next answer; nothing if the connection ends (or 10 s pass) first. `has_body` is false for answers to
  // HEAD.
  std::optional<Response> Read(bool has_body = true);
  // Send a request with these header lines, then Read.
  std::optional<Response> Ask(std::string_view method, std::string_view target, std::string_view headers = "",
                              std::string_view body = "");
  // The next chunk of a streamed answer, whose head Read has returned; empty: its last. Nothing if the
  // connection ends first.
  std::optional<std::string> ReadChunk();
  // All that comes until the server closes the connection; nothing if it does not (within 10 s).
  std::optional<std::string> ReadToEnd();
  // Ends the connection without waiting for anything: what is on its way is lost.
  void Reset();
  // True when the server closes the connection, and nothing more comes before.
  bool ReadsEnd();

 private:
  bool Fill();
  // Takes what comes up to and with `end`.
  std::optional<std::string> Take(std::string_view end);

  int socket_;
  std::string received_;
};

}  // namespace tidemark::http
