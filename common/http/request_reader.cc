#include "common/http/request_reader.h"

#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/http/target.h"

namespace tidemark::http {
namespace {

namespace beast = boost::beast;
using beast::http::field;

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }
std::string Text(beast::string_view text) { return std::string(View(text)); }

// Bytes above ASCII mean nothing in the fields we know, and gRPC and JSON take less than HTTP does.
std::string FieldValue(beast::string_view raw) {
  std::string value = Text(raw);
  for (char& c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && byte != '\t') || byte > 0x7E) c = '?';
  }
  return value;
}

// A line that begins with a blank goes on with the one before (obs-fold), for some. Beast joins them.
bool HasFold(std::string_view header) {
  size_t end = header.find('\n');
  for (; end != std::string_view::npos && end + 1 < header.size(); end = header.find('\n', end + 1)) {
    if (header[end + 1] == ' ' || header[end + 1] == '\t') return true;
  }
  return false;
}

// host[:port] of RFC 3986, by its characters. Empty is allowed.
bool IsHost(std::string_view host) {
  return std::all_of(host.begin(), host.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           std::string_view("-._~%!$&'()*+;=:[]").find(c) != std::string_view::npos;
  });
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
    const bool has_fold = was_header && HasFold({static_cast<const char*>(buffer.data().data()), used});
    buffer.consume(used);
    wire_bytes_ += used;
    if (has_fold) return Fail(400, "a header goes on over a second line");
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
  request_.body = std::move(parser_.get().body());
  request_.peer = std::move(peer);
  request_.wire_bytes = wire_bytes_;
  return std::move(request_);
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
  const size_t hosts = header.count(field::host);
  if (hosts > 1 || (hosts == 0 && !is_old())) return Fail(400, "HTTP/1.1 needs exactly one Host header");
  if (!IsHost(View(header[field::host]))) return Fail(400, "the Host header is not a host");
  // Beast takes as many lengths as agree.
  if (header.count(field::content_length) > 1 ||
      View(header[field::content_length]).find(',') != std::string_view::npos) {
    return Fail(400, "Content-Length is given more than once");
  }
  if (header.count(field::transfer_encoding) > 0) {
    // Beast reads any other coding as if there were no body, and what follows as the next request.
    if (!beast::iequals(header[field::transfer_encoding], "chunked")) {
      return Fail(400, "the only transfer coding understood is chunked");
    }
    if (is_old()) return Fail(400, "HTTP/1.0 knows no Transfer-Encoding");
  }
  return CheckTarget();
}

RequestReader::State RequestReader::CheckTarget() {
  const auto& header = parser_.get();
  absl::StatusOr<Target> target = ParseTarget(View(header.target()));
  if (!target.ok()) return Fail(400, std::string(target.status().message()));
  const bool is_options = header.method() == beast::http::verb::options;
  if (target->path == "*" && !is_options) return Fail(400, "only OPTIONS is asked of *");
  const std::string& authority = target->authority;
  const bool names_host = !authority.empty() && header.count(field::host) > 0;
  if (names_host && !beast::iequals(authority, header[field::host])) {
    return Fail(400, "the request target and Host name two hosts");
  }
  request_.path = std::move(target->path);
  request_.query = std::move(target->query);
  TakeHeader();
  expects_continue_ = !is_old() && beast::iequals(header[field::expect], "100-continue");
  return State::kNeedsMore;
}

void RequestReader::TakeHeader() {
  const auto& header = parser_.get();
  request_.method = Text(header.method_string());
  for (const auto& line : header) {
    request_.headers.Append(Text(line.name_string()), FieldValue(line.value()));
  }
}

}  // namespace tidemark::http
