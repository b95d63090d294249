// Errors as clients see them: application/problem+json (RFC 9457, SPEC 2).
//
//   {"type":"urn:tidemark:error:bad_type","title":"…","status":400,"detail":"…","code":"bad_type",
//    "pointer":"/changes/1/completed","request_id":"…"}
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "common/http/server.h"

namespace tidemark::gateway {

// The whole answer for a Status that is not OK: body, Content-Type, Cache-Control, X-Request-Id; Retry-After
// where a retry is timed; WWW-Authenticate with 401. What went wrong inside (`internal`, and an `unavailable`
// that gRPC made) is not told.
http::Response ProblemResponse(const absl::Status& status, std::string_view request_id);

// The answer to what never became a request, by the HTTP server's own status and words.
http::Response ProblemForHttpStatus(int http_status, std::string_view detail, std::string_view request_id);

}  // namespace tidemark::gateway
