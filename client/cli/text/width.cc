#include "client/cli/text/width.h"

#include <algorithm>
#include <clocale>
#include <cwchar>
#include <cwctype>

#include "common/text/utf8.h"

namespace tidemark::cli {
namespace {

// The C library knows, but only within a locale of UTF-8; the person's own need not be one.
class Utf8Locale {
 public:
  Utf8Locale() : before_(uselocale(Ours())) {}
  ~Utf8Locale() { uselocale(before_); }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  static locale_t Ours() {
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", locale_t{});
    return locale;
  }

  const locale_t before_;
};

int WidthOfOne(char32_t c) {
  const int width = wcwidth(static_cast<wchar_t>(c));
  return width < 0 ? 1 : width;
}

std::string_view TakeCharacter(std::string_view& text) {
  // Text that is none is taken byte by byte.
  const std::size_t length = std::max<std::size_t>(1, text::FirstCharacterLength(text));
  const std::string_view one = text.substr(0, length);
  text.remove_prefix(length);
  return one;
}

std::string Encode(char32_t c) {
  if (c < 0x80) return std::string(1, static_cast<char>(c));
  const int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr char32_t kFirst[] = {0, 0xC0, 0xE0, 0xF0};
  std::string text(1, static_cast<char>(kFirst[more] | (c >> (6 * more))));
  for (int i = more - 1; i >= 0; --i) text += static_cast<char>(0x80 | ((c >> (6 * i)) & 0x3F));
  return text;
}

}  // namespace

char32_t Decode(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1) return byte(0);
  char32_t c = byte(0) & (0xFF >> (character.size() + 1));
  for (std::size_t i = 1; i < character.size(); ++i) c = (c << 6) | (byte(i) & 0x3F);
  return c;
}

int WidthOf(std::string_view text) {
  const Utf8Locale locale;
  int width = 0;
  while (!text.empty()) width += WidthOfOne(Decode(TakeCharacter(text)));
  return width;
}

std::string LowerCase(std::string_view text) {
  const Utf8Locale locale;
  std::string lower;
  while (!text.empty()) {
    const std::string_view one = TakeCharacter(text);
    const char32_t c = Decode(one), folded = towlower(static_cast<wint_t>(c));
    lower += folded == c ? std::string(one) : Encode(folded);
  }
  return lower;
}

std::string Padded(std::string_view text, int width) {
  return std::string(text) + std::string(std::max(0, width - WidthOf(text)), ' ');
}

std::string Cut(std::string_view text, int width) {
  if (WidthOf(text) <= width) return std::string(text);
  const Utf8Locale locale;
  std::string cut;
  int used = 1;
  while (!text.empty()) {
    const std::string_view one = TakeCharacter(text);
    used += WidthOfOne(Decode(one));
    if (used > width) break;
    cut += one;
  }
  return width < 1 ? "" : cut + "…";
}

}  // namespace tidemark::cli
