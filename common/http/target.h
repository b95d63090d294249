// The request target (RFC 9112 3.2) as path and query.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"

namespace tidemark::http {

struct Target {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
};

// Takes "/path?query" and "http://host/path?query". INVALID_ARGUMENT, with what to tell the client: another
// form, a bad percent escape, or what decodes to NUL or to something that is not UTF-8.
absl::StatusOr<Target> ParseTarget(std::string_view raw);

}  // namespace tidemark::http
