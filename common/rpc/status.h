// Errors across gRPC: absl::Status with a SPEC code ↔ grpc::Status with google.rpc details (SPEC 2, last
// paragraph).
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace tidemark::rpc {

// OK stays OK. Otherwise the code's gRPC status, ErrorInfo{reason: the code's name, domain: "tidemark"},
// RetryInfo where there is a retry_after, BadRequest where there is a pointer.
grpc::Status ToGrpc(const absl::Status& status);

// The inverse: an error of ours comes back as Error(code, detail, details); any other as it is classed by
// ErrorInfoOf.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace tidemark::rpc
