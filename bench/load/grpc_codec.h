// Requests as the services take them, and what the bench wants to know of their answers. Pure.
#pragma once

#include <grpcpp/support/status.h>

#include "bench/load/exchange.h"
#include "tidemark/v1/auth.pb.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::bench {

v1::CheckRequest EncodeCheck(const Ask& ask);
v1::SyncRequest EncodeSync(const Ask& ask);
v1::LoginRequest EncodeLogin(const Ask& ask);

// Each adds to what Answered() has made of the status.
void Decode(const v1::CheckResponse& response, Reply& reply);
void Decode(const v1::SyncResponse& response, Reply& reply);
void Decode(const v1::LoginResponse& response, Reply& reply);

// An answer of this status, as far as that says.
Reply Answered(const grpc::Status& status);

}  // namespace tidemark::bench
