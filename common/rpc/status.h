// Errors across gRPC: absl::Status with a SPEC code ↔ grpc::Status with google.rpc details (SPEC 2, last
// paragraph).
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace tidemark::rpc {

// OK stays OK, and CANCELLED (the caller has gone: nobody reads it) stays CANCELLED. Otherwise the code's
// gRPC status, ErrorInfo{reason: the code's name, domain: "tidemark"}, RetryInfo where there is a
// retry_after, BadRequest where there is a pointer. The text of an internal error is replaced by the code's
// title.
grpc::Status ToGrpc(const absl::Status& status);

// The inverse: an error of ours comes back as Error(code, detail, details); any other was made by gRPC
// itself, and becomes what ErrorInfoOf classes as unavailable, not_implemented or internal.
absl::Status FromGrpc(const grpc::Status& status);

}  // namespace tidemark::rpc
