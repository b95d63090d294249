#include "gateway/json/problem.h"

#include <string>

#include "common/status/error.h"
#include "gateway/json/writer.h"

namespace tidemark::gateway {
namespace {

// When a service that is away is worth another try (SPEC 8).
constexpr absl::Duration kRetryUnavailable = absl::Seconds(5);

struct Problem {
  CodeInfo code;
  std::string detail;
  ErrorDetails more;
};

Problem ProblemOf(const absl::Status& status) {
  ErrorInfo info = ErrorInfoOf(status);
  std::string detail(status.message());
  if (info.code == Code::kInternal) {
    detail = "The request could not be answered. Its request_id finds the log line.";
  } else if (info.code == Code::kUnavailable && !info.details.retry_after) {
    // Our services say when to try again. This one is gRPC's own, whose words name addresses.
    info.details.retry_after = kRetryUnavailable;
    detail = "The service cannot be reached. Try again later.";
  }
  return {InfoOf(info.code), std::move(detail), std::move(info.details)};
}

std::string Encode(const Problem& problem, std::string_view request_id) {
  JsonWriter json;
  json.BeginObject().Key("type").Text("urn:tidemark:error:" + std::string(problem.code.name));
  json.Key("title").Text(problem.code.title).Key("status").Integer(problem.code.http_status);
  json.Key("detail").Text(problem.detail).Key("code").Text(problem.code.name);
  if (!problem.more.pointer.empty() || problem.code.code == Code::kBadType) {
    json.Key("pointer").Text(problem.more.pointer);
  }
  if (problem.more.retry_after) {
    json.Key("retry_after").Integer(RetryAfterSeconds(*problem.more.retry_after));
  }
  json.Key("request_id").Text(request_id).EndObject();
  return std::move(json).Take();
}

// RFC 6750: a request without a token learns the scheme; one with a bad token also learns that it is bad.
std::string_view ChallengeFor(Code code) {
  const bool bad_token = code == Code::kInvalidToken || code == Code::kExpiredToken;
  return bad_token ? "Bearer error=\"invalid_token\"" : "Bearer";
}

http::Response Render(const Problem& problem, std::string_view request_id) {
  http::Response response;
  response.status = problem.code.http_status;
  response.body = Encode(problem, request_id);
  response.headers.Set("Content-Type", "application/problem+json");
  // 404 and 405 may otherwise be kept by caches (RFC 9110 15.1).
  response.headers.Set("Cache-Control", "no-store");
  response.headers.Set("X-Request-Id", request_id);
  if (problem.more.retry_after) {
    response.headers.Set("Retry-After", std::to_string(RetryAfterSeconds(*problem.more.retry_after)));
  }
  if (problem.code.http_status == 401) {
    response.headers.Set("WWW-Authenticate", ChallengeFor(problem.code.code));
  }
  return response;
}

Code CodeForHttpStatus(int http_status) {
  switch (http_status) {
    case 400:
      return Code::kMalformedRequest;
    case 408:
      return Code::kRequestTimeout;
    case 413:
      return Code::kBodyTooLarge;
    case 431:
      return Code::kHeadersTooLarge;
    case 503:
      return Code::kUnavailable;
    default:
      return http_status < 500 ? Code::kMalformedRequest : Code::kInternal;
  }
}

}  // namespace

http::Response ProblemResponse(const absl::Status& status, std::string_view request_id) {
  return Render(ProblemOf(status), request_id);
}

http::Response ProblemForHttpStatus(int http_status, std::string_view detail, std::string_view request_id) {
  const Code code = CodeForHttpStatus(http_status);
  ErrorDetails more;
  if (code == Code::kUnavailable) more.retry_after = kRetryUnavailable;
  Problem problem = ProblemOf(Error(code, detail, std::move(more)));
  problem.code.http_status = http_status;
  return Render(problem, request_id);
}

}  // namespace tidemark::gateway
