// What a person typed, as the server can store it. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace tidemark::client {

// Trimmed and without NUL.
// kValidation: it is not UTF-8 (which would spoil the request for all other edits), nothing is left, or it is
// longer than kContentBytesMax.
absl::StatusOr<std::string> ContentFrom(std::string_view typed);

}  // namespace tidemark::client
