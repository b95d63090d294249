// One connection: requests in, answers out, in order.
#pragma once

#include <atomic>
#include <boost/beast/core/flat_buffer.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/async/task.h"
#include "common/async/watchdog.h"
#include "common/http/connection.h"
#include "common/http/request_reader.h"
#include "common/http/response_head.h"
#include "common/http/server.h"
#include "common/http/streamed_body.h"

namespace tidemark::http {

// What all connections of a server share.
struct SessionContext {
  ServerOptions options;
  Handler handler;
  // Set: each connection closes after its next answer.
  std::atomic<bool> ending{false};
  // Set: each connection closes after the answer it owes.
  std::atomic<bool> draining{false};
  // Under way.
  mutable std::atomic<int> streams{0};
};

// Lives on the loop of its socket.
class Session {
 public:
  // `peer`: the client's address.
  Session(boost::asio::ip::tcp::socket socket, std::string peer, TlsContext tls,
          std::shared_ptr<const SessionContext> context);

  const std::string& peer() const { return peer_; }

  // Ends when the connection has.
  Task<void> Run();
  // The same for one connection too many: it is told so (503), whatever it asks.
  Task<void> TurnAway();
  // The context is draining. Between two requests: closes. Otherwise Run ends after the answer, whose stream
  // is told.
  void Drain();
  void Close();

 private:
  // What is waited for, and what happens when it does not come in time.
  enum class Phase { kReading, kWriting };

  // False: the client and we did not agree in time.
  Task<bool> Begin();
  // False: the client has left, or idled too long.
  Task<bool> WaitForRequest();
  // False: the connection is used up.
  Task<bool> ServeOne();
  // kNeedsMore: the client has left in the middle, or was too slow (watchdog_).
  Task<RequestReader::State> Read(RequestReader& reader);
  Task<Response> Handle(Request request);
  // Answers what never became a request.
  Task<void> Refuse(int status, std::string_view detail);
  Task<bool> Write(const Response& response, const Framing& framing);
  Task<bool> WriteStreamed(const Response& response, const Framing& framing);
  // Sends all of it, and allows write_timeout for each kWriteBytes.
  Task<bool> WriteInTime(std::string_view head, std::string_view body);
  // Lets the client read the last answer before the connection is torn down.
  Task<void> Linger();

  // False: end of stream, or an error.
  Task<bool> ReadSome(size_t bytes);
  Task<bool> WriteAll(std::string_view head, std::string_view body);
  void StartPhase(Phase phase, absl::Duration timeout);
  void OnExpiry();

  const std::string peer_;
  Connection connection_;
  const std::shared_ptr<const SessionContext> context_;
  // Holds what has arrived beyond the present request.
  boost::beast::flat_buffer buffer_;
  Watchdog watchdog_;
  Phase phase_ = Phase::kReading;
  bool idle_ = false;
  // Response::on_sent of the answer under way; null: nobody is told.
  const std::function<void(size_t)>* on_sent_ = nullptr;
  // Null: no stream is under way.
  StreamedBody* streamed_ = nullptr;
};

}  // namespace tidemark::http
