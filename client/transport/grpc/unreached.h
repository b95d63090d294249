// Why a call was answered by nobody, or by somebody who is not Tidemark, for a person to read. gRPC tells it
// in words alone, so this knows some of them.
#pragma once

#include <grpcpp/grpcpp.h>

#include <string>

#include "absl/status/status.h"

namespace tidemark::client {

// Whom a call was for.
struct Peer {
  // "sync service".
  std::string service = {};
  std::string address = {};
};

// kUnimplemented: what answers there is another service, or a web server. Otherwise kUnavailable.
absl::Status Unreached(const grpc::Status& status, const Peer& peer);

}  // namespace tidemark::client
