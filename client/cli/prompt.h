// Asking a person, and passwords that are not seen.
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace tidemark::cli {

// From the terminal, on stderr. kInvalidArgument: stdin is none. kAborted: the person gave up.
absl::StatusOr<std::string> AskLine(const std::string& question);
absl::StatusOr<std::string> AskPassword(const std::string& question);

// The first line of stdin. kInvalidArgument: there is none.
absl::StatusOr<std::string> PasswordFromStdin();

}  // namespace tidemark::cli
