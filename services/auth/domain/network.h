// Where somebody signs in from, as sessions remember it.
#pragma once

#include <string>

#include "services/auth/domain/crypto.h"

namespace tidemark::auth {

// What is stored of a network, as NetworkOf (common/net/ip.h) spells it.
struct NetworkHash {
  std::string bytes;
  auto operator<=>(const NetworkHash&) const = default;
};

// Addresses are few enough to be tried one by one, so `key`, derived from the master key, is not where the
// hash is.
NetworkHash HashOf(const std::string& network, const SecretKey& key);

}  // namespace tidemark::auth
