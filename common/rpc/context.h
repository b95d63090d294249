// What travels with a call besides its message.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "absl/time/time.h"
#include "common/origin/origin.h"

namespace tidemark::rpc {

// Metadata keys, lower-case as gRPC wants them.
inline constexpr std::string_view kAuthorization = "authorization";
inline constexpr std::string_view kRequestId = "x-request-id";
inline constexpr std::string_view kTraceparent = "traceparent";
inline constexpr std::string_view kServiceToken = "service-token";
inline constexpr std::string_view kForwardedFor = "x-forwarded-for";
// Trailing metadata: the values of the HTTP headers of the same names.
inline constexpr std::string_view kRateLimit = "ratelimit";
inline constexpr std::string_view kRateLimitPolicy = "ratelimit-policy";

// An incoming call, as an engine may want to know it.
struct ServerCall {
  // The request id from the caller, or made here; a span of its own.
  Origin origin = {};
  // The value of `authorization`; empty: none.
  std::string authorization = {};
  // The value of `service-token`; empty: none.
  std::string service_token = {};
  // The values of `x-forwarded-for`, parted by commas; empty: none.
  std::string forwarded_for = {};
  // The peer has shown a certificate that is good by tls-client-ca-file (tls.h).
  bool is_certified = false;
  // The peer's address without port.
  std::string peer = {};
  // Sent back with the answer, errors included; with a stream's first message, too.
  std::map<std::string, std::string> trailers = {};
};

// An outgoing call.
struct ClientCall {
  // On whose behalf: the caller's own, below whose span the called process puts one.
  Origin origin = {};
  std::string authorization = {};
  std::string service_token = {};
  std::string forwarded_for = {};
  absl::Duration timeout = absl::Seconds(5);
  // Filled from the answer.
  std::map<std::string, std::string> trailers = {};
};

}  // namespace tidemark::rpc
