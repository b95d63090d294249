// The Authorization header of RFC 6750.
#pragma once

#include <optional>
#include <string_view>

namespace tidemark::auth {

// The token of "Bearer <token>" (the scheme in any case), a part of `authorization`. Nothing for an empty
// value, another scheme, or a scheme without a token.
std::optional<std::string_view> BearerToken(std::string_view authorization);

}  // namespace tidemark::auth
