// The passwords that a guesser tries first, as far as they are long enough to pass the length rule.
#pragma once

#include <string>

namespace tidemark::auth {

bool IsCommonPassword(const std::string& lower_cased);

}  // namespace tidemark::auth
