// One request, from the bytes of a connection. Knows bounds, and no socket.
#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>

#include "common/http/server.h"

namespace tidemark::http {

// A fresh one for each request. Reads strictly: what another reader (a proxy before us, say) could cut into
// requests in another way is refused.
class RequestReader {
 public:
  enum class State { kNeedsMore, kDone, kFailed };

  // What to answer instead of handing the request on; the connection cannot be used afterwards.
  struct Failure {
    int status = 400;
    std::string detail;
  };

  explicit RequestReader(const ServerOptions& options);

  // Takes from the front of `buffer` what belongs to this request. Not to be called again after kDone,
  // kFailed.
  State Feed(boost::beast::flat_buffer& buffer);

  bool reads_body() const { return parser_.is_header_done(); }
  // True once, if the client waits for "100 Continue" before it sends the body.
  bool TakeExpectation();

  const Failure& failure() const { return failure_; }
  bool keep_alive() const { return parser_.keep_alive(); }
  // HTTP/1.0 rather than 1.1.
  bool is_old() const { return parser_.get().version() < 11; }
  // After kDone, once.
  Request Take(std::string peer);

 private:
  State Fail(int status, std::string detail);
  State FailWith(const boost::system::error_code& error);
  // What Beast leaves to its users, once the header is there.
  State CheckHeader();
  State CheckTarget();
  // Before the body: what a chunked one may bring behind it (trailers) is no part of the request.
  void TakeHeader();

  const size_t header_bytes_max_;
  size_t header_bytes_ = 0;
  size_t wire_bytes_ = 0;
  boost::beast::http::request_parser<boost::beast::http::string_body> parser_;
  Request request_;
  bool expects_continue_ = false;
  Failure failure_;
};

}  // namespace tidemark::http
