// What a person typed, as the server can store it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidemark::client {

// Trimmed, without NUL, and valid UTF-8 (a broken byte would spoil the request for all other edits).
// kValidation: nothing is left, or it is longer than kContentBytesMax.
absl::StatusOr<std::string> ContentFrom(std::string_view typed);

}  // namespace tidemark::client
