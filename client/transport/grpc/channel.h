// The connection to one address of the service.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace tidemark::client {

// `address`: "host:port", in the clear; "https://host:port" (443 if no port is given), by TLS. `ca_file`: PEM
// of who may vouch for the server; empty: the machine's. kInvalidArgument: no such address, or no PEM.
// kNotFound: no such file.
//
// Connects at the first call. It is not kept when a call found nobody (see grpc_transport.h), so that gRPC
// does not go on trying on its own account: when to try again is the schedule's to say.
absl::StatusOr<std::shared_ptr<grpc::Channel>> NewChannel(const std::string& address,
                                                          const std::string& ca_file);

}  // namespace tidemark::client
