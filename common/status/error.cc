#include "common/status/error.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace tidemark {
namespace {

using absl::StatusCode;

// Where the SPEC names no gRPC code, the one that tells the caller's next move (absl/status/status.h).
constexpr std::array kTable = {
    CodeInfo{Code::kMalformedJson, "malformed_json", 400, StatusCode::kInvalidArgument,
             "The body is not valid JSON"},
    CodeInfo{Code::kBadType, "bad_type", 400, StatusCode::kInvalidArgument, "A value has the wrong type"},
    CodeInfo{Code::kMalformedRequest, "malformed_request", 400, StatusCode::kInvalidArgument,
             "The request is not valid HTTP"},
    CodeInfo{Code::kMissingToken, "missing_token", 401, StatusCode::kUnauthenticated,
             "An access token is needed"},
    CodeInfo{Code::kInvalidToken, "invalid_token", 401, StatusCode::kUnauthenticated,
             "The access token is not valid"},
    CodeInfo{Code::kExpiredToken, "expired_token", 401, StatusCode::kUnauthenticated,
             "The access token has expired"},
    CodeInfo{Code::kBadCredentials, "bad_credentials", 401, StatusCode::kUnauthenticated,
             "Email or password is wrong"},
    CodeInfo{Code::kTokenReused, "token_reused", 401, StatusCode::kUnauthenticated,
             "The refresh token was used before"},
    CodeInfo{Code::kForbidden, "forbidden", 403, StatusCode::kPermissionDenied, "Not allowed"},
    CodeInfo{Code::kNotFound, "not_found", 404, StatusCode::kNotFound, "There is no such thing"},
    CodeInfo{Code::kMethodNotAllowed, "method_not_allowed", 405, StatusCode::kInvalidArgument,
             "The method is not allowed here"},
    CodeInfo{Code::kRequestTimeout, "request_timeout", 408, StatusCode::kDeadlineExceeded,
             "The request took too long to arrive"},
    CodeInfo{Code::kEmailTaken, "email_taken", 409, StatusCode::kAlreadyExists,
             "The email address has an account"},
    CodeInfo{Code::kPageExpired, "page_expired", 410, StatusCode::kAborted,
             "The page is too old: start over"},
    CodeInfo{Code::kBodyTooLarge, "body_too_large", 413, StatusCode::kResourceExhausted,
             "The body is too large"},
    CodeInfo{Code::kTooManyChanges, "too_many_changes", 413, StatusCode::kResourceExhausted,
             "Too many changes in one request"},
    CodeInfo{Code::kUnsupportedMediaType, "unsupported_media_type", 415, StatusCode::kInvalidArgument,
             "The content type is not supported"},
    CodeInfo{Code::kValidation, "validation", 422, StatusCode::kInvalidArgument, "A value is not acceptable"},
    CodeInfo{Code::kWeakPassword, "weak_password", 422, StatusCode::kInvalidArgument,
             "The password is too weak"},
    CodeInfo{Code::kInvalidEmail, "invalid_email", 422, StatusCode::kInvalidArgument,
             "The email address is not valid"},
    CodeInfo{Code::kRateLimited, "rate_limited", 429, StatusCode::kResourceExhausted, "Too many requests"},
    CodeInfo{Code::kQuotaExhausted, "quota_exhausted", 429, StatusCode::kResourceExhausted,
             "The service is at capacity for today"},
    CodeInfo{Code::kHeadersTooLarge, "headers_too_large", 431, StatusCode::kResourceExhausted,
             "The headers are too large"},
    CodeInfo{Code::kInternal, "internal", 500, StatusCode::kInternal, "An error on our side"},
    CodeInfo{Code::kNotImplemented, "not_implemented", 501, StatusCode::kUnimplemented,
             "Not available in this version"},
    CodeInfo{Code::kReadPaused, "read_paused", 503, StatusCode::kUnavailable, "Read-only sync paused"},
    CodeInfo{Code::kUnavailable, "unavailable", 503, StatusCode::kUnavailable,
             "The service is unavailable for the moment"},
};

constexpr bool InOrder() {
  for (size_t i = 0; i < kTable.size(); ++i) {
    if (kTable[i].code != static_cast<Code>(i)) return false;
  }
  return kTable.back().code == Code::kUnavailable;
}
static_assert(InOrder(), "InfoOf finds a row by the code's number");

// The payload is text, "<name>\n<retry after in ms, or nothing>\n<pointer>": a Cord has no room for a struct.
constexpr const char* kPayloadUrl = "tidemark/error-info";

std::string Encode(const ErrorInfo& info) {
  const std::string_view name = InfoOf(info.code).name;
  std::string text(name);
  text += '\n';
  if (info.details.retry_after.has_value()) {
    absl::StrAppend(&text, absl::ToInt64Milliseconds(*info.details.retry_after));
  }
  text += '\n';
  text += info.details.pointer;
  return text;
}

std::optional<ErrorInfo> Decode(std::string_view text) {
  const size_t name_end = text.find('\n');
  if (name_end == std::string_view::npos) return std::nullopt;
  const size_t retry_end = text.find('\n', name_end + 1);
  if (retry_end == std::string_view::npos) return std::nullopt;
  const std::optional<Code> code = CodeNamed(text.substr(0, name_end));
  if (!code.has_value()) return std::nullopt;

  ErrorInfo info{*code, {.pointer = std::string(text.substr(retry_end + 1))}};
  const std::string retry(text.substr(name_end + 1, retry_end - name_end - 1));
  int64_t millis = 0;
  if (absl::SimpleAtoi(retry, &millis)) info.details.retry_after = absl::Milliseconds(millis);
  return info;
}

Code Classed(absl::StatusCode status_code) {
  const bool passing =
      status_code == StatusCode::kUnavailable || status_code == StatusCode::kDeadlineExceeded;
  return passing ? Code::kUnavailable : Code::kInternal;
}

}  // namespace

const CodeInfo& InfoOf(Code code) { return kTable[static_cast<size_t>(code)]; }

std::optional<Code> CodeNamed(std::string_view name) {
  for (const CodeInfo& info : kTable) {
    if (info.name == name) return info.code;
  }
  return std::nullopt;
}

absl::Status Error(Code code, std::string_view detail, ErrorDetails details) {
  absl::Status status(InfoOf(code).status_code, absl::string_view(detail.data(), detail.size()));
  status.SetPayload(kPayloadUrl, absl::Cord(Encode({code, std::move(details)})));
  return status;
}

ErrorInfo ErrorInfoOf(const absl::Status& status) {
  if (absl::optional<absl::Cord> payload = status.GetPayload(kPayloadUrl); payload.has_value()) {
    if (std::optional<ErrorInfo> info = Decode(std::string(*payload)); info.has_value()) {
      return *std::move(info);
    }
  }
  return {Classed(status.code()), {}};
}

int64_t RetryAfterSeconds(absl::Duration retry_after) {
  const absl::Duration whole = absl::Ceil(retry_after, absl::Seconds(1));
  return std::max<int64_t>(1, absl::ToInt64Seconds(whole));
}

}  // namespace tidemark
