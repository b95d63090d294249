#include "gateway/http/security_headers.h"

namespace tidemark::gateway {
namespace {

void SetUnlessSet(http::Headers& headers, std::string_view name, std::string_view value) {
  if (!headers.Get(name)) headers.Append(name, value);
}

}  // namespace

void AddSecurityHeaders(http::Response& response) {
  if (response.status == 304) return;
  response.headers.Append("X-Content-Type-Options", "nosniff");
  response.headers.Append("Cross-Origin-Resource-Policy", "same-origin");
  SetUnlessSet(response.headers, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
  // Most answers hold somebody's tasks or tokens.
  SetUnlessSet(response.headers, "Cache-Control", "no-store");
}

}  // namespace tidemark::gateway
