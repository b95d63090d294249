// Where another service is, as a person writes it.
//
//   rpc::TargetOf("sync.example:50051")             → the same: a name, all addresses of which are used
//   rpc::TargetOf("127.0.0.1:50051,127.0.0.1:50061") → "ipv4:127.0.0.1:50051,127.0.0.1:50061"
//   rpc::ServerNameOf("dns:///sync.example:50051")   → "sync.example"
#pragma once

#include <string>

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

}  // namespace tidemark::rpc
