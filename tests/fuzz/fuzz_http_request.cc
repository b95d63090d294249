// The bytes of a connection: whatever pieces they arrive in, they are the same request or the same refusal.
// The first byte is the size of the pieces.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <string>

#include "common/http/request_reader.h"
#include "common/text/utf8.h"
#include "tests/fuzz/require.h"

namespace tidemark::fuzz {
namespace {

using State = http::RequestReader::State;

struct Reading {
  State state = State::kNeedsMore;
  http::RequestReader::Failure failure;
  http::Request request;
  bool keep_alive = false;
  // How many bytes belong to later requests.
  size_t left = 0;
};

http::ServerOptions Options() {
  http::ServerOptions options;
  options.header_bytes_max = 512;
  options.body_bytes_max = 256;
  return options;
}

Reading Read(std::string_view bytes, size_t piece) {
  const http::ServerOptions options = Options();
  http::RequestReader reader(options);
  boost::beast::flat_buffer buffer;
  Reading reading;
  while (!bytes.empty() && reading.state == State::kNeedsMore) {
    const size_t size = std::min(piece, bytes.size());
    boost::asio::buffer_copy(buffer.prepare(size), boost::asio::buffer(bytes.data(), size));
    buffer.commit(size);
    bytes.remove_prefix(size);
    reading.state = reader.Feed(buffer);
  }
  reading.left = bytes.size() + buffer.size();
  if (reading.state == State::kFailed) reading.failure = reader.failure();
  if (reading.state == State::kDone) {
    reading.keep_alive = reader.keep_alive();
    reading.request = reader.Take("192.0.2.1");
  }
  return reading;
}

void CheckRequest(const http::Request& request) {
  Require(!request.method.empty(), "a request has a method");
  Require(text::IsUtf8(request.path) && request.path.find('\0') == std::string::npos,
          "a path is UTF-8 without NUL");
  Require(request.path.starts_with('/') || (request.path == "*" && request.method == "OPTIONS"),
          "a path begins with a slash, or is * of OPTIONS");
  Require(request.body.size() <= Options().body_bytes_max, "a body is bounded");
  for (const auto& [name, value] : request.headers.all()) {
    Require(!name.empty(), "a header has a name");
    Require(
        std::all_of(value.begin(), value.end(), [](char c) { return c == '\t' || (c >= ' ' && c <= '~'); }),
        "the value of a header is printable ASCII");
  }
}

void CheckFailure(const Reading& reading) {
  if (reading.state != State::kFailed) return;
  const int status = reading.failure.status;
  Require(status == 400 || status == 413 || status == 431, "a refusal is the client's");
}

void CheckBytes(std::string_view bytes, size_t piece) {
  const Reading whole = Read(bytes, bytes.size());
  const Reading pieces = Read(bytes, piece);
  Require((whole.state == State::kDone) == (pieces.state == State::kDone),
          "pieces are a request if the whole is one");
  CheckFailure(whole);
  CheckFailure(pieces);
  if (whole.state != State::kDone) return;
  CheckRequest(whole.request);
  Require(whole.left == pieces.left && whole.keep_alive == pieces.keep_alive,
          "pieces end where the whole ends");
  Require(whole.request.method == pieces.request.method && whole.request.path == pieces.request.path &&
              whole.request.query == pieces.request.query && whole.request.body == pieces.request.body &&
              whole.request.headers.all() == pieces.request.headers.all(),
          "pieces are the request that the whole is");
}

}  // namespace
}  // namespace tidemark::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  tidemark::fuzz::CheckBytes(tidemark::fuzz::TextOf(data + 1, size - 1), std::max<size_t>(1, data[0]));
  return 0;
}
