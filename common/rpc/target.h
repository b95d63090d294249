// Where another service is, as a person writes it.
//
//   rpc::TargetOf("sync.example:50051")             → the same: a name, all addresses of which are used
//   rpc::TargetOf("127.0.0.1:50051,127.0.0.1:50061") → "ipv4:127.0.0.1:50051,127.0.0.1:50061"
//   rpc::ServerNameOf("dns:///sync.example:50051")   → "sync.example"
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace tidemark::rpc {

// gRPC's target of a host:port, or of several parted by commas, all of them IPv4 addresses or all IPv6 ones
// ([::1]:50051): gRPC looks up one name only. A target of gRPC's own (ipv4:, ipv6:, dns:) stays as it is.
// INVALID_ARGUMENT: it is none of these.
absl::StatusOr<std::string> TargetOf(const std::string& addresses);

// Whom a certificate must name that is shown at `addresses`, which TargetOf takes: their host, of several the
// first one's, without its port.
std::string ServerNameOf(const std::string& addresses);

// Judges a setting.
inline absl::Status CheckTarget(const std::string& addresses) { return TargetOf(addresses).status(); }

struct HostAndPort {
  std::string host;
  std::string port;
};

// The name whose addresses are to be looked up, in what TargetOf takes. Nothing: there is none, or gRPC alone
// can look it up (one that names its DNS server).
std::optional<HostAndPort> NameIn(const std::string& addresses);
// The addresses that are written out there, each a target of its own. None where there is a name.
std::vector<std::string> AddressesIn(const std::string& addresses);
// The target of one address; an IPv6 one is without brackets.
std::string TargetOfAddress(bool is_ipv6, const std::string& host, const std::string& port);

}  // namespace tidemark::rpc
