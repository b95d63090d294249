// Telling ids that clients send from text that no database takes for one.
#pragma once

#include <algorithm>
#include <string_view>

namespace tidemark {

// A UUID as ours are written: lower-case, 8-4-4-4-12.
inline bool IsUuid(std::string_view text) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::equal(text.begin(), text.end(), kShape.begin(), kShape.end(), [](char c, char shape) {
    return shape == '-' ? c == '-' : (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

}  // namespace tidemark
