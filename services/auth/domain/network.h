// Where somebody signs in from, as the limits of sign-in count it: an IPv4 address, or the /64 that an IPv6
// address is in, for everybody has a /64 full of addresses.
#pragma once

#include <string>

#include "services/auth/domain/crypto.h"

namespace tidemark::auth {

// "192.0.2.1" stays; "2001:db8::1" is "2001:db8::/64", and an IPv4 address mapped into IPv6 is that
// address. What is no address stays as it is.
std::string NetworkOf(const std::string& address);

// What is stored of a network.
struct NetworkHash {
  std::string bytes;
  auto operator<=>(const NetworkHash&) const = default;
};

// Addresses are few enough to be tried one by one, so `key`, derived from the master key, is not where the
// hash is.
NetworkHash HashOf(const std::string& network, const SecretKey& key);

}  // namespace tidemark::auth
