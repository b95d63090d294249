// The metadata `ratelimit` and `ratelimit-policy` of an answer (SPEC 7): `"sync";r=9;t=14400` and
// `"sync";q=10;w=144000`.
#pragma once

#include <optional>
#include <string_view>

#include "client/domain/schedule/event.h"

namespace tidemark::client {

// Nothing: one of them is absent, says something else, or they speak of two policies.
std::optional<LimitTold> ParseRateLimit(std::string_view limit, std::string_view policy);

}  // namespace tidemark::client
