// UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace tidemark::text {

// How many bytes the first character of `text` takes, 1 … 4. 0: `text` is empty or does not begin with one.
size_t FirstCharacterLength(std::string_view text);

bool IsUtf8(std::string_view text);

}  // namespace tidemark::text
