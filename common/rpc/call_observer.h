// CallLog for every service of a server alike.
#pragma once

#include <grpcpp/grpcpp.h>
#include <grpcpp/support/server_interceptor.h>

#include <memory>

#include "common/metrics/metrics.h"

namespace tidemark::rpc {

// Notes each call, and says to its handler what its origin is (origin_of_call.h). gRPC's own services, such
// as health checks, go unobserved, and so do the processes' questions how each other is, several a second,
// and what a carrier carries: that it notes itself. `registry` outlives the server.
std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewCallObserver(
    metrics::Registry& registry);

}  // namespace tidemark::rpc
