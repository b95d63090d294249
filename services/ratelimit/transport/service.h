// tidemark.v1.RateLimitService over gRPC.
#pragma once

#include "common/async/event_loops.h"
#include "services/ratelimit/engine/engine.h"
#include "services/ratelimit/transport/service_credential.h"
#include "tidemark/v1/ratelimit.grpc.pb.h"

namespace tidemark::ratelimit {

// Thread-safe.
class Service final : public v1::RateLimitService::CallbackService {
 public:
  // `loops` and `engine` outlive the service.
  Service(EventLoops& loops, Engine& engine, ServiceCredential credential);

  grpc::ServerUnaryReactor* Acquire(grpc::CallbackServerContext* context, const v1::AcquireRequest* request,
                                    v1::AcquireResponse* response) override;

 private:
  EventLoops& loops_;
  Engine& engine_;
  const ServiceCredential credential_;
};

}  // namespace tidemark::ratelimit
