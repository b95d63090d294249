// Who asks, where others ask on their behalf.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/net/ip.h"

namespace tidemark {

// The address that limits per address are kept by. `peer` unless that is one of `trusted`; then the last of
// `forwarded_for` that is none of them: each proxy appends whom it was asked by, so what stands before the
// first whom we do not trust may be made up. Where all are trusted, the first; where one is no address, the
// one that told it.
std::string ClientAddress(const std::string& peer, const std::optional<std::string>& forwarded_for,
                          const std::vector<IpNetwork>& trusted);

// "10.0.0.0/8, 2001:db8::7": networks or addresses, none for an empty text. INVALID_ARGUMENT names what is
// neither.
absl::StatusOr<std::vector<IpNetwork>> ParseProxies(std::string_view text);

}  // namespace tidemark
