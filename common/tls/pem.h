// What files of certificates and keys hold, judged before anybody relies on it.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tidemark::tls {

// INVALID_ARGUMENT: it cannot be read, or is empty. The message names the path.
absl::StatusOr<std::string> ReadFile(const std::string& path);

// Both in PEM. INVALID_ARGUMENT: `chain` does not begin with a certificate, or holds one that is damaged;
// `key` is no private key, or has a password, or is another certificate's.
absl::Status CheckPair(const std::string& chain, const std::string& key);

// INVALID_ARGUMENT: `authorities` holds no certificate, or a damaged one.
absl::Status CheckAuthorities(const std::string& authorities);

}  // namespace tidemark::tls
