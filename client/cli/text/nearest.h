// What somebody may have meant who typed a command that is none. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tidemark::cli {

// One of `names`: that which other programs call so, or which a slip of a finger or two makes of `typed`.
// Empty: none is near.
std::string NearestCommand(std::string_view typed, const std::vector<std::string>& names);

}  // namespace tidemark::cli
