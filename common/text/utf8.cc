#include "common/text/utf8.h"

#include <cstdint>

namespace tidemark::text {
namespace {

// The rows of RFC 3629 section 4: first bytes `low` … `high` are followed by `second_low` … `second_high`,
// then by `length` - 2 bytes of 80 … BF.
struct Row {
  uint8_t low, high;
  size_t length;
  uint8_t second_low, second_high;
};

constexpr Row kRows[] = {
    {0xC2, 0xDF, 2, 0x80, 0xBF}, {0xE0, 0xE0, 3, 0xA0, 0xBF}, {0xE1, 0xEC, 3, 0x80, 0xBF},
    {0xED, 0xED, 3, 0x80, 0x9F}, {0xEE, 0xEF, 3, 0x80, 0xBF}, {0xF0, 0xF0, 4, 0x90, 0xBF},
    {0xF1, 0xF3, 4, 0x80, 0xBF}, {0xF4, 0xF4, 4, 0x80, 0x8F},
};

bool Between(char byte, uint8_t low, uint8_t high) {
  const auto value = static_cast<uint8_t>(byte);
  return low <= value && value <= high;
}

bool Follows(const Row& row, std::string_view text) {
  if (text.size() < row.length || !Between(text[1], row.second_low, row.second_high)) return false;
  for (size_t i = 2; i < row.length; ++i) {
    if (!Between(text[i], 0x80, 0xBF)) return false;
  }
  return true;
}

}  // namespace

size_t FirstCharacterLength(std::string_view text) {
  if (text.empty()) return 0;
  if (Between(text[0], 0x00, 0x7F)) return 1;
  for (const Row& row : kRows) {
    if (Between(text[0], row.low, row.high)) return Follows(row, text) ? row.length : 0;
  }
  return 0;
}

bool IsUtf8(std::string_view text) {
  while (!text.empty()) {
    const size_t length = FirstCharacterLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace tidemark::text
