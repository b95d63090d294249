// Texts and files that a command is given.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace tidemark::cli {

// The words, with spaces between them; a single "-" is all of stdin.
absl::StatusOr<std::string> TextOf(const std::vector<std::string>& words);

// "-" is stdin. kPermissionDenied: it cannot be read.
absl::StatusOr<std::string> TextOfFile(const std::string& path);

}  // namespace tidemark::cli
