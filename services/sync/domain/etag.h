// The ETag `"<count>-<last_mod>-<version_sum>"` (SPEC 3.2). Equal ETags mean equal state.
//
//   FormatEtag(head)                       → "\"12-1735689800000-40\""
//   Matches("W/\"12-1735689800000-40\"", head)   → true
#pragma once

#include <string>
#include <string_view>

#include "services/sync/domain/types.h"

namespace tidemark::sync {

// With its quotes.
std::string FormatEtag(const Head& head);

// What `*` in an If-None-Match means.
enum class Wildcard { kMatches, kNever };

// True if `if_none_match` (RFC 9110 13.1.2: quoted or weak tags, a list; unquoted is accepted as well) names
// the state of `head`.
bool Matches(std::string_view if_none_match, const Head& head, Wildcard wildcard);

}  // namespace tidemark::sync
