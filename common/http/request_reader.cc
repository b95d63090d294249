#include "common/http/request_reader.h"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tidemark::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;

std::string Text(beast::string_view text) { return std::string(text.data(), text.size()); }

// Bytes above ASCII mean nothing in the fields we know, and gRPC and JSON take less than HTTP does.
std::string FieldValue(beast::string_view raw) {
  std::string value = Text(raw);
  for (char& c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte > 0x7E) c = '?';
  }
  return value;
}

}  // namespace

RequestReader::RequestReader(const ServerOptions& options) : header_bytes_max_(options.header_bytes_max) {
  parser_.header_limit(static_cast<uint32_t>(options.header_bytes_max));
  parser_.body_limit(options.body_bytes_max);
}

RequestReader::State RequestReader::Feed(beast::flat_buffer& buffer) {
  while (buffer.size() > 0) {
    const bool was_header = !parser_.is_header_done();
    beast::error_code error;
    const size_t used = parser_.put(buffer.data(), error);
    buffer.consume(used);
    if (was_header) header_bytes_ += used;
    const bool needs_more = error == beast::http::error::need_more;
    if (error.failed() && !needs_more) return FailWith(error);
    // Beast bounds one line, and neither their number nor an extension or a trailer of a chunk.
    if ((was_header ? header_bytes_ : 0) + (needs_more ? buffer.size() : 0) > header_bytes_max_) {
      return FailWith(beast::http::error::header_limit);
    }
    if (was_header && parser_.is_header_done() && CheckHeader() == State::kFailed) return State::kFailed;
    if (parser_.is_done()) return State::kDone;
    if (needs_more) break;
  }
  return State::kNeedsMore;
}

bool RequestReader::TakeExpectation() {
  return reads_body() && !parser_.is_done() && std::exchange(expects_continue_, false);
}

Request RequestReader::Take(std::string peer) {
  auto message = parser_.release();
  Request request;
  request.method = Text(message.method_string());
  request.path = std::move(target_.path);
  request.query = std::move(target_.query);
  for (const auto& header : message) {
    request.headers.Append(Text(header.name_string()), FieldValue(header.value()));
  }
  request.body = std::move(message.body());
  request.peer = std::move(peer);
  return request;
}

RequestReader::State RequestReader::Fail(int status, std::string detail) {
  failure_ = {status, std::move(detail)};
  return State::kFailed;
}

RequestReader::State RequestReader::FailWith(const beast::error_code& error) {
  if (error == beast::http::error::header_limit) {
    return Fail(431, absl::StrCat("the headers are larger than ", header_bytes_max_, " bytes"));
  }
  if (error == beast::http::error::body_limit) return Fail(413, "the body is too large");
  return Fail(400, absl::StrCat("malformed HTTP: ", error.message()));
}

RequestReader::State RequestReader::CheckHeader() {
  const auto& header = parser_.get();
  if (!is_old() && header.count(field::host) != 1) {
    return Fail(400, "HTTP/1.1 needs exactly one Host header");
  }
  // Beast reads any other coding as if there were no body, and what follows as the next request.
  if (header.count(field::transfer_encoding) > 0 &&
      !beast::iequals(header[field::transfer_encoding], "chunked")) {
    return Fail(400, "the only transfer coding understood is chunked");
  }
  const beast::string_view raw = header.target();
  absl::StatusOr<Target> target = ParseTarget(std::string_view(raw.data(), raw.size()));
  if (!target.ok()) return Fail(400, std::string(target.status().message()));
  target_ = *std::move(target);
  expects_continue_ = !is_old() && beast::iequals(header[field::expect], "100-continue");
  return State::kNeedsMore;
}

}  // namespace tidemark::http
