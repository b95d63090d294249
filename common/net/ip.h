// IP addresses and networks, as texts name them.
//
//   std::optional<IpAddress> client = ParseIpAddress("192.0.2.7");
//   std::optional<IpNetwork> proxies = ParseIpNetwork("10.0.0.0/8");
//   if (client && proxies->Contains(*client)) …
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tidemark {

// An IPv4 address is kept as the IPv6 address ::ffff:a.b.c.d, so that both ways to write it are one address.
struct IpAddress {
  static constexpr int kBits = 128;

  std::array<uint8_t, kBits / 8> bytes = {};

  bool IsIpv4() const;
  // With all bits after the first `bits` cleared.
  IpAddress FirstBits(int bits) const;
  // "192.0.2.7", "2001:db8::1".
  std::string ToString() const;
  bool operator==(const IpAddress&) const = default;
};

// Nothing: `text` is no address. The name of a link may follow an IPv6 address (fe80::1%eth0), and is
// dropped.
std::optional<IpAddress> ParseIpAddress(std::string_view text);

// Whom limits count as one: an IPv4 address, or the /64 that an IPv6 address is in, for everybody has a /64
// full of addresses. "192.0.2.1" stays; "2001:db8::1" is "2001:db8::/64", and an IPv4 address mapped into
// IPv6 is that address. What is no address stays as it is.
std::string NetworkOf(const std::string& address);

struct IpNetwork {
  IpAddress address;
  // Of IpAddress::kBits.
  int bits = IpAddress::kBits;

  bool Contains(const IpAddress& other) const { return other.FirstBits(bits) == address; }
};

// "10.0.0.0/8", "2001:db8::/32", or one address alone. Nothing: `text` is no network, or has bits after its
// prefix.
std::optional<IpNetwork> ParseIpNetwork(std::string_view text);

}  // namespace tidemark
