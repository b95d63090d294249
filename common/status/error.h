// The SPEC's error codes: one table (error.cc) says for each its HTTP status, its gRPC code and its title.
//
//   return Error(Code::kRateLimited, "Daily sync limit reached", {.retry_after = absl::Hours(3)});
//
// Inside a process an error is an absl::Status that carries an ErrorInfo as payload. It is mapped once at
// each edge: by common/rpc to and from gRPC, by gateway/json to problem+json. A Status without an ErrorInfo
// that reaches an edge is told to the caller as `unavailable` (UNAVAILABLE, DEADLINE_EXCEEDED) or `internal`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace tidemark {

enum class Code {
  kMalformedJson,         // 400
  kBadType,               // 400, with pointer
  kMalformedRequest,      // 400: not HTTP
  kMissingToken,          // 401
  kInvalidToken,          // 401
  kExpiredToken,          // 401
  kBadCredentials,        // 401
  kTokenReused,           // 401
  kForbidden,             // 403: not the service credential
  kNotFound,              // 404
  kMethodNotAllowed,      // 405
  kRequestTimeout,        // 408
  kEmailTaken,            // 409
  kPageExpired,           // 410
  kBodyTooLarge,          // 413
  kTooManyChanges,        // 413
  kUnsupportedMediaType,  // 415
  kValidation,            // 422
  kWeakPassword,          // 422
  kInvalidEmail,          // 422
  kRateLimited,           // 429
  kQuotaExhausted,        // 429
  kHeadersTooLarge,       // 431
  kInternal,              // 500: a bug of ours
  kNotImplemented,        // 501
  kReadPaused,            // 503
  kUnavailable,           // 503
};

// One row of the table.
struct CodeInfo {
  Code code;
  // As in the SPEC, e.g. "rate_limited".
  std::string_view name;
  int http_status;
  absl::StatusCode status_code;
  // For a person, the same for every error of this code.
  std::string_view title;
};

const CodeInfo& InfoOf(Code code);
// Nothing if no code has that name.
std::optional<Code> CodeNamed(std::string_view name);

struct ErrorDetails {
  // A JSON Pointer (RFC 6901) to the bad value. Empty: none.
  std::string pointer = {};
  // When to try again.
  std::optional<absl::Duration> retry_after = std::nullopt;
};

// What an edge tells the caller.
struct ErrorInfo {
  Code code;
  ErrorDetails details = {};
};

// `detail` is shown to the caller: it says what, which value, which limit, and never holds a token, a
// password or the content of a task.
absl::Status Error(Code code, std::string_view detail, ErrorDetails details = {});

// Never fails: a Status that was not made by Error() is classed as the file comment says. `status` is not OK.
ErrorInfo ErrorInfoOf(const absl::Status& status);

// Retry-After in whole seconds, rounded up, at least 1.
int64_t RetryAfterSeconds(absl::Duration retry_after);

}  // namespace tidemark
