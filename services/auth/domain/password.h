// Which passwords a person may choose (SPEC 9): long enough, not too long, not among those that a guesser
// tries first. No rules of composition: they make passwords harder to remember, not to guess.
#pragma once

#include <string>

#include "absl/status/status.h"

namespace tidemark::auth {

// In characters (Unicode code points).
inline constexpr int kPasswordLengthMin = 10;
inline constexpr int kPasswordLengthMax = 256;

// `password` is UTF-8. INVALID_ARGUMENT, at `pointer`: `weak_password`, or `validation` if it is too long.
absl::Status CheckNewPassword(const std::string& password, int length_min = kPasswordLengthMin,
                              const std::string& pointer = "/password");

// False for what can be nobody's password, so that it need not be hashed at its full length.
bool CouldBePassword(const std::string& password);

}  // namespace tidemark::auth
