#include "gateway/http/guards.h"

#include <algorithm>

#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

absl::Status TakeAuthorization(Exchange& exchange) {
  std::optional<std::string> authorization = exchange.request.headers.GetJoined("Authorization");
  if (!authorization || authorization->empty()) {
    return Error(Code::kMissingToken, "The Authorization header is missing: Bearer <access token>.");
  }
  exchange.call.authorization = *std::move(authorization);
  return absl::OkStatus();
}

std::string_view Trimmed(std::string_view text) {
  const size_t from = std::min(text.find_first_not_of(" \t"), text.size());
  const size_t to = text.find_last_not_of(" \t");
  return to == std::string_view::npos ? std::string_view() : text.substr(from, to - from + 1);
}

bool EqualsIgnoringCase(std::string_view a, std::string_view lower) {
  return std::equal(a.begin(), a.end(), lower.begin(), lower.end(),
                    [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + ('a' - 'A') : x) == y; });
}

absl::Status JudgeMediaType(const http::Request& request) {
  if (request.body.empty()) return absl::OkStatus();
  const std::string encoding = request.headers.GetJoined("Content-Encoding").value_or("identity");
  if (!EqualsIgnoringCase(Trimmed(encoding), "identity")) {
    return Error(Code::kUnsupportedMediaType, "Compressed bodies are not supported.");
  }
  const std::string types = request.headers.GetJoined("Content-Type").value_or("application/json");
  const std::string_view type = std::string_view(types).substr(0, types.find(';'));
  // Of two types another reader might believe the other.
  if (types.find(',') != std::string::npos || !EqualsIgnoringCase(Trimmed(type), "application/json")) {
    return Error(Code::kUnsupportedMediaType, "The Content-Type must be application/json.");
  }
  return absl::OkStatus();
}

}  // namespace

RouteHandler NeedsToken(RouteHandler next) {
  return [next = std::move(next)](Exchange& exchange) -> Task<absl::StatusOr<http::Response>> {
    absl::Status status = TakeAuthorization(exchange);
    if (!status.ok()) co_return status;
    co_return co_await next(exchange);
  };
}

RouteHandler TakesJson(RouteHandler next) {
  return [next = std::move(next)](Exchange& exchange) -> Task<absl::StatusOr<http::Response>> {
    absl::Status status = JudgeMediaType(exchange.request);
    if (!status.ok()) co_return status;
    co_return co_await next(exchange);
  };
}

}  // namespace tidemark::gateway
