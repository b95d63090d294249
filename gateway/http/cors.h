// Which pages of other origins may call this API (the Fetch standard's CORS).
//
//   absl::StatusOr<CorsPolicy> cors = CorsPolicy::Parse("https://app.example,http://localhost:5173");
//   cors->Apply(request, response);
//
// Tokens travel in Authorization, which a page must set itself, and never in cookies: so credentials are not
// allowed, and "*" is not needed.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/http/server.h"

namespace tidemark::gateway {

class CorsPolicy {
 public:
  // No origin but the server's own.
  CorsPolicy() = default;

  // Origins parted by commas, each as a browser sends it: scheme://host, with the port where it is not the
  // scheme's. INVALID_ARGUMENT: one is no origin of http or https; "*" and "null" are none.
  static absl::StatusOr<CorsPolicy> Parse(std::string_view origins);

  // Adds the headers that let the asking page read the answer, if its origin is allowed. An answer that names
  // what the path Allows is also the answer to a preflight.
  void Apply(const http::Request& request, http::Response& response) const;

 private:
  std::set<std::string, std::less<>> origins_;
};

}  // namespace tidemark::gateway
