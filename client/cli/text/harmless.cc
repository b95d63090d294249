#include "client/cli/text/harmless.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "client/cli/text/width.h"
#include "common/text/utf8.h"

namespace tidemark::cli {
namespace {

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

// Line and paragraph separators, and what turns the direction of writing around.
bool Misleads(char32_t c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF;
}

std::string Picture(char32_t c) {
  if (c == '\n') return "⏎";
  if (c == '\t') return " ";
  if (c == 0x7F) return "␡";
  // U+2400 + c.
  if (c < 0x20) return std::string("\xE2\x90") + static_cast<char>(0x80 + c);
  return "\uFFFD";
}

}  // namespace

std::string Harmless(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = text::FirstCharacterLength(text);
    if (length == 0) {
      shown += "\uFFFD";
      text.remove_prefix(1);
      continue;
    }
    const char32_t c = Decode(text.substr(0, length));
    if (IsControl(c) || Misleads(c)) {
      shown += Picture(c);
    } else {
      shown += text.substr(0, length);
    }
    text.remove_prefix(length);
  }
  return shown;
}

std::string HarmlessJson(std::string_view json) {
  std::string shown;
  shown.reserve(json.size());
  while (!json.empty()) {
    const std::size_t length = std::max<std::size_t>(1, text::FirstCharacterLength(json));
    const char32_t c = length == 1 ? static_cast<unsigned char>(json[0]) : Decode(json.substr(0, length));
    // Below U+0080 JSON itself is written, and has escaped the rest.
    if (c == 0x7F || (c > 0x7F && (IsControl(c) || Misleads(c)))) {
      shown += absl::StrFormat("\\u%04x", static_cast<uint32_t>(c));
    } else {
      shown += json.substr(0, length);
    }
    json.remove_prefix(length);
  }
  return shown;
}

}  // namespace tidemark::cli
