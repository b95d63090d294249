// Base64url without padding (RFC 4648, section 5), as JWT and JWK write bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tidemark::auth {

std::string Base64UrlEncode(std::string_view bytes);

// Nothing for padding, foreign characters, an impossible length, or unused bits that are not zero: each byte
// string has exactly one spelling.
std::optional<std::string> Base64UrlDecode(std::string_view text);

}  // namespace tidemark::auth
