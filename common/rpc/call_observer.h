// One log line and two metrics per call, for every service of a server alike.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/server_interceptor.h>

#include <memory>

#include "common/metrics/metrics.h"

namespace tidemark::rpc {

// Counts tidemark_rpc_total{method,code}, measures tidemark_rpc_seconds{method}, and writes an info line
// `call` with method, request_id (a trailer, see incoming_call.cc), code and duration. gRPC's own services,
// such as health checks, go unobserved. `registry` outlives the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewCallObserver(
    metrics::Registry& registry);

}  // namespace tidemark::rpc
