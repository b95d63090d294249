// The limits of a deployment, from its limits file (deploy/config/limits-*.textproto, tidemark.v1.PolicySet).
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/mutex/versioned.h"
#include "services/ratelimit/domain/limits.h"

namespace tidemark::ratelimit {

// The policies that services ask for (SPEC 7). Every limits file has them all.
inline constexpr std::array<std::string_view, 8> kPolicyNames = {
    "check", "live", "login", "other", "push_reserve", "register", "sync", "v1_sync"};

// INVALID_ARGUMENT: the file cannot be read or parsed, a value is out of bounds, a name is there twice or one
// of kPolicyNames is missing. The message begins with the path and, where one is to blame, the line.
absl::StatusOr<Limits> LoadLimits(const std::string& path);

// The same for a file that may have changed. One that is refused is logged, and the old limits stay.
void ReloadLimits(const std::string& path, Versioned<Limits>& limits);

// A name that is not in the set is a bug of the caller's and ends the process.
const Policy& PolicyNamed(const PolicySet& policies, const std::string& name);

}  // namespace tidemark::ratelimit
