#include "gateway/http/cors.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace tidemark::gateway {
namespace {

constexpr std::string_view kExposedHeaders = "ETag, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id";
constexpr std::string_view kRequestHeaders =
    "Authorization, Content-Type, If-None-Match, Last-Event-ID, X-Request-Id, traceparent";
// Seconds that a browser may remember a preflight; longer than two hours none does.
constexpr std::string_view kPreflightAge = "7200";

// Of "host" and "host:8080". Browsers send both in lower case.
bool IsHostCharacter(char c) {
  return absl::ascii_isdigit(static_cast<unsigned char>(c)) ||
         absl::ascii_islower(static_cast<unsigned char>(c)) ||
         std::string_view("-._:[]").find(c) != std::string_view::npos;
}

bool IsOrigin(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!text.starts_with(scheme)) continue;
    const std::string_view host = text.substr(scheme.size());
    return !host.empty() && std::all_of(host.begin(), host.end(), IsHostCharacter);
  }
  return false;
}

void AddPreflightHeaders(const std::string& methods, http::Headers& headers) {
  headers.Append("Access-Control-Allow-Methods", methods);
  headers.Append("Access-Control-Allow-Headers", kRequestHeaders);
  headers.Append("Access-Control-Max-Age", kPreflightAge);
}

}  // namespace

absl::StatusOr<CorsPolicy> CorsPolicy::Parse(std::string_view origins) {
  CorsPolicy policy;
  const absl::string_view text(origins.data(), origins.size());
  for (const std::string& origin : std::vector<std::string>(absl::StrSplit(text, ',', absl::SkipEmpty()))) {
    if (!IsOrigin(origin)) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", origin, "\" is no origin such as https://app.example"));
    }
    policy.origins_.insert(origin);
  }
  return policy;
}

void CorsPolicy::Apply(const http::Request& request, http::Response& response) const {
  if (origins_.empty()) return;
  // Also without Origin: a cache is not to give one origin's answer to another.
  response.headers.Append("Vary", "Origin");
  const std::optional<std::string> origin = request.headers.GetJoined("Origin");
  if (!origin || !origins_.contains(*origin)) return;
  response.headers.Append("Access-Control-Allow-Origin", *origin);
  const bool is_preflight =
      request.method == "OPTIONS" && request.headers.Get("Access-Control-Request-Method");
  const std::optional<std::string_view> allow = response.headers.Get("Allow");
  if (is_preflight && allow) {
    AddPreflightHeaders(std::string(*allow), response.headers);
  } else {
    response.headers.Append("Access-Control-Expose-Headers", kExposedHeaders);
  }
}

}  // namespace tidemark::gateway
