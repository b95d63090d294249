// An HTTP/1.1 server on the event loops (Boost.Beast), for the gateway and for every process' admin port.
//
//   http::Server server(loops, {.address = "127.0.0.1:8080"},
//                       [](http::Request request) -> Task<http::Response> {
//                         co_return http::Response{.status = 200, .body = "hello"};
//                       });
//   absl::Status listening = server.Start();
//   …
//   server.EndConnections();  // and a moment later:
//   server.Drain(absl::Seconds(10));
//
// The server answers for itself, through ServerOptions::on_error, what never becomes a request: 400 malformed
// HTTP, 408 slow client, 413 body too large, 431 headers too large, 503 too many connections. A handler that
// throws is a 500 and a log line. Date, Content-Length, Transfer-Encoding and Connection are the server's to
// set.
//
// Parsing is strict: what a proxy before the server might cut into other requests is a 400, and each such
// answer ends its connection.
//
// An answer whose size is not known beforehand, or that goes on for hours, is streamed:
//
//   http::Response response;
//   response.stream = [](http::BodyWriter& writer) -> Task<absl::Status> {
//     co_return co_await writer.Write("first piece");
//   };
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/async/event_loops.h"
#include "common/async/task.h"
#include "common/metrics/metrics.h"

namespace tidemark::http {

// Names compare without regard to case.
class Headers {
 public:
  // The first value, or nothing.
  std::optional<std::string_view> Get(std::string_view name) const;
  // All values joined by ", " (RFC 9110 5.3), or nothing.
  std::optional<std::string> GetJoined(std::string_view name) const;
  // Replaces.
  void Set(std::string_view name, std::string_view value);
  void Append(std::string_view name, std::string_view value);
  const std::vector<std::pair<std::string, std::string>>& all() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

struct Request {
  // As sent, e.g. "GET": methods know case (RFC 9110 9.1).
  std::string method;
  // Percent-decoded, without query; begins with '/', or is "*" (OPTIONS alone). UTF-8 without NUL, like the
  // query. May hold ".." segments.
  std::string path;
  // Decoded names and values, in order; '+' is a space.
  std::vector<std::pair<std::string, std::string>> query;
  // Values are ASCII: other bytes arrive as '?'.
  Headers headers;
  std::string body;
  // The peer's address without port.
  std::string peer;
  // What it took on the wire, headers and body, without TLS.
  size_t wire_bytes = 0;

  // The first value, or nothing.
  std::optional<std::string> Query(std::string_view name) const;
};

// Sends a streamed body piece by piece. To be used on the loop that called the stream, one Write at a time.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  // Resumes when the socket has taken all of `piece` (backpressure). CANCELLED: the client has gone, or did
  // not read for write_timeout; the stream is to return.
  virtual Task<absl::Status> Write(std::string piece) = 0;
  // For a stream that waits for something else than Write: calls `gone` once when the client has gone, at
  // once if it has. To be asked once; nothing is called after the stream has ended.
  virtual void WhenGone(std::function<void()> gone) = 0;
  // For a stream that does not end by itself: the same when the server drains.
  virtual void WhenDraining(std::function<void()> draining) = 0;
};

// Runs once, on the loop of its connection, after the headers were sent. An error cuts the connection, so
// that no client takes what it got for the whole.
using BodyStream = std::function<Task<absl::Status>(BodyWriter&)>;

struct Response {
  int status = 200;
  Headers headers = {};
  // Not sent with 204 and 304, nor in answer to HEAD (whose Content-Length still tells its size).
  std::string body = {};
  // Set: sent in place of `body`, chunked, or up to the end of the connection for HTTP/1.0. Not called where
  // no body is sent. A client that ends its side of the connection meanwhile has gone.
  BodyStream stream = nullptr;
  // Told how many bytes were sent, headers and body, each time that some were. On the connection's loop, and
  // not after `stream` has ended. Null: nobody is.
  std::function<void(size_t bytes)> on_sent = nullptr;
};

// Runs on the loop of its connection. Ends by its own deadlines: the server sets it none, nor the stream it
// returns.
using Handler = std::function<Task<Response>(Request)>;
// Makes the answer to what never became a request.
using ErrorHandler = std::function<Response(int status, std::string_view detail)>;

struct ServerOptions {
  // host:port; port 0 takes a free one.
  std::string address = {};
  size_t body_bytes_max = 2 * 1024 * 1024;
  size_t header_bytes_max = 16 * 1024;
  // Some more are told so (503), and further ones closed at once.
  int connections_max = 10'000;
  // The same for the connections of one address (a /64 network of IPv6), unless many clients share it: a
  // proxy.
  int connections_per_address_max = 10'000;
  std::function<bool(const std::string& address)> is_shared_address = nullptr;
  // A request that has begun must be here whole within this time (408).
  absl::Duration read_timeout = absl::Seconds(15);
  // The client must take each 256 KiB of an answer within this time.
  absl::Duration write_timeout = absl::Seconds(30);
  // A connection without a request is closed after this long.
  absl::Duration idle_timeout = absl::Seconds(75);
  // Files in PEM (TLS 1.2 and 1.3), read again when they change; both or neither. Empty: plain HTTP.
  std::string tls_certificate = {};
  std::string tls_key = {};
  // Null: plain text.
  ErrorHandler on_error = nullptr;
  // Shows tidemark_http_connections, _connections_max and _streams; null: nothing.
  metrics::Registry* metrics = nullptr;
};

// Thread-safe.
class Server {
 public:
  Server(EventLoops& loops, ServerOptions options, Handler handler);
  // Closes what is left and waits for handlers under way. Call while the loops still run, not from one.
  ~Server();

  // Binds and begins to accept. Call once. UNAVAILABLE: the address is taken. INVALID_ARGUMENT: it is none,
  // or the certificate and key cannot be used.
  absl::Status Start();
  // The port that was bound.
  int port() const;
  // From now on each answer is the last of its connection, and its client connects anew: to another server,
  // if a balancer has one. New connections are accepted as ever.
  void EndConnections();
  // Stops accepting, closes idle connections, tells streams (BodyWriter::WhenDraining), lets requests under
  // way finish for at most `grace`, then closes their connections. Blocks; not to be called from a loop.
  void Drain(absl::Duration grace);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace tidemark::http
