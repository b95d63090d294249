// A number and what it counts. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tidemark::cli {

// "1 edit", "2 edits".
inline std::string Counted(int64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

}  // namespace tidemark::cli
