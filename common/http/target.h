// The request target (RFC 9112 3.2) as path and query.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace tidemark::http {

struct Target {
  // "*" for the form that asks about the server as a whole.
  std::string path;
  // "host" of "http://host/path", else empty.
  std::string authority;
  std::vector<std::pair<std::string, std::string>> query;
};

// Takes "/path?query", "http://host/path?query" and "*". INVALID_ARGUMENT, with what to tell the client:
// another form, a bad percent escape, or what decodes to NUL or to something that is not UTF-8.
absl::StatusOr<Target> ParseTarget(std::string_view raw);

}  // namespace tidemark::http
