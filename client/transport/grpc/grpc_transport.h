// The service over gRPC.
//
//   auto transport = NewGrpcTransport({.address = "127.0.0.1:50051", .auth_address = "127.0.0.1:50052"});
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "client/transport/sync_transport.h"

namespace tidemark::client {

struct GrpcOptions {
  // "host:port", or "https://host:port" (channel.h).
  std::string address;
  // Empty: the same.
  std::string auth_address = {};
  // PEM of who may vouch for a server that speaks TLS. Empty: the machine's.
  std::string ca_file = {};
};

// kInvalidArgument, kNotFound: as NewChannel. Nothing is connected yet. A connection that a call did not find
// alive is given up, and the next call makes another.
absl::StatusOr<std::unique_ptr<SyncTransport>> NewGrpcTransport(GrpcOptions options);

}  // namespace tidemark::client
