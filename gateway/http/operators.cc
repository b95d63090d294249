#include "gateway/http/operators.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/log/log.h"
#include "common/net/ip.h"
#include "common/rpc/service_credential.h"
#include "common/status/error.h"
#include "gateway/json/problem.h"

namespace tidemark::gateway {
namespace {

// A browser asks its person for a name, which may be any, and a password: the token.
constexpr std::string_view kBasicChallenge = "Basic realm=\"Tidemark status\", charset=\"UTF-8\"";

bool IsLoopback(std::string_view text) {
  static const IpNetwork v4 = *ParseIpNetwork("127.0.0.0/8");
  static const IpNetwork v6 = *ParseIpNetwork("::1");
  const std::optional<IpAddress> address = ParseIpAddress(text);
  return address && (v4.Contains(*address) || v6.Contains(*address));
}

// All that a header of addresses names; without the header, nobody else is named.
bool NamesLoopbackAlone(const http::Headers& headers, std::string_view name) {
  const std::optional<std::string> told = headers.GetJoined(name);
  if (!told) return true;
  const std::vector<std::string> addresses = absl::StrSplit(*told, ',');
  return std::all_of(addresses.begin(), addresses.end(), [](std::string address) {
    absl::StripAsciiWhitespace(&address);
    return IsLoopback(address);
  });
}

// "localhost:8080", "127.0.0.1:8080", "[::1]:8080", with or without a port.
bool IsNameOfLoopback(std::string_view host) {
  if (host.starts_with('[')) {
    const size_t end = std::min(host.find(']'), host.size());
    const std::string_view rest = host.substr(std::min(end + 1, host.size()));
    return (rest.empty() || rest.starts_with(':')) && IsLoopback(host.substr(1, end - 1));
  }
  const std::string name(host.substr(0, host.find(':')));
  return absl::EqualsIgnoreCase(name, "localhost") || IsLoopback(name);
}

// Absent, or that of a page of the very server that is asked: browsers say it with scripts that are modules.
bool IsOwnOrigin(const http::Headers& headers) {
  const std::optional<std::string> origin = headers.GetJoined("Origin");
  if (!origin) return true;
  const std::string host(headers.Get("Host").value_or(""));
  return absl::EqualsIgnoreCase(*origin, "http://" + host) ||
         absl::EqualsIgnoreCase(*origin, "https://" + host);
}

// What follows a scheme's name, which knows no case; nothing: it is another scheme.
std::optional<std::string> CredentialsOf(const std::string& authorization, const std::string& scheme) {
  if (!absl::StartsWithIgnoreCase(authorization, scheme + " ")) return std::nullopt;
  std::string credentials = authorization.substr(scheme.size() + 1);
  absl::StripAsciiWhitespace(&credentials);
  return credentials;
}

std::optional<std::string> TokenIn(const std::string& authorization) {
  if (std::optional<std::string> token = CredentialsOf(authorization, "Bearer")) return token;
  const std::optional<std::string> basic = CredentialsOf(authorization, "Basic");
  std::string name_and_password;
  if (!basic || !absl::Base64Unescape(*basic, &name_and_password)) return std::nullopt;
  const size_t colon = name_and_password.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return name_and_password.substr(colon + 1);
}

Task<absl::StatusOr<http::Response>> Refuse(const absl::Status& why, const Exchange& exchange) {
  http::Response response = ProblemResponse(why, exchange.call.origin.request_id);
  if (response.status == 401) response.headers.Append("WWW-Authenticate", kBasicChallenge);
  co_return response;
}

}  // namespace

RouteHandler Operators::Only(RouteHandler next) const {
  return [this, next = std::move(next)](Exchange& exchange) -> Task<absl::StatusOr<http::Response>> {
    const absl::Status may = Check(exchange);
    if (!may.ok()) co_return co_await Refuse(may, exchange);
    co_return co_await next(exchange);
  };
}

absl::Status Operators::Check(const Exchange& exchange) const {
  if (token_.empty()) {
    if (IsFromHere(exchange)) return absl::OkStatus();
    // Nobody elsewhere is to know what would be here.
    return Error(Code::kNotFound, "Nothing is served at this path.");
  }
  const std::optional<std::string> authorization = exchange.request.headers.GetJoined("Authorization");
  if (!authorization) return Error(Code::kMissingToken, "The operator's token is missing.");
  const std::optional<std::string> token = TokenIn(*authorization);
  if (token && rpc::IsSameSecret(*token, token_)) return absl::OkStatus();
  log::Warning("operator_refused", {{"peer_is_loopback", IsLoopback(exchange.request.peer)}},
               exchange.call.origin);
  return Error(Code::kInvalidToken, "This is not the operator's token.");
}

bool IsFromHere(const Exchange& exchange) {
  const http::Request& request = exchange.request;
  return IsLoopback(request.peer) && IsLoopback(exchange.call.forwarded_for) &&
         NamesLoopbackAlone(request.headers, "X-Forwarded-For") &&
         NamesLoopbackAlone(request.headers, "X-Real-IP") && !request.headers.Get("Forwarded") &&
         !request.headers.Get("Via") && IsOwnOrigin(request.headers) &&
         IsNameOfLoopback(request.headers.Get("Host").value_or(""));
}

}  // namespace tidemark::gateway
