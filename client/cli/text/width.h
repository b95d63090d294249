// What the C library knows of characters, for UTF-8 whatever the person's locale is. On a terminal a wide
// character takes two columns, a combining one none.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::cli {

// `character` is one character of UTF-8.
char32_t Decode(std::string_view character);

// `text` holds no control characters (harmless.h).
int WidthOf(std::string_view text);

// With spaces at its end up to `width`.
std::string Padded(std::string_view text, int width);

// At most `width` columns; what was cut ends in "…".
std::string Cut(std::string_view text, int width);

// Of any script, character by character.
std::string LowerCase(std::string_view text);

}  // namespace tidemark::cli
