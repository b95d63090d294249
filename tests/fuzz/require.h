// A claim about any input: where it is false, the target ends, which libFuzzer takes for a crash and keeps
// the input of.
//
//   Require(IsUtf8(json), "an answer is UTF-8");
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tidemark::fuzz {

void Require(bool holds, std::string_view claim);

inline std::string_view TextOf(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace tidemark::fuzz
