// tidemark.v1.RateLimitService over gRPC.
#pragma once

#include "common/async/event_loops.h"
#include "common/rpc/carrier_server.h"
#include "common/rpc/service_credential.h"
#include "services/ratelimit/engine/engine.h"
#include "tidemark/v1/ratelimit.grpc.pb.h"

namespace tidemark::ratelimit {

// Thread-safe.
class Service final : public v1::RateLimitService::CallbackService {
 public:
  // `loops` and `engine` outlive the service.
  Service(EventLoops& loops, Engine& engine, rpc::ServiceCredential credential);

  // Has `carrier` carry the rpcs to this, which outlives it.
  void CarryBy(rpc::CarrierServer& carrier);

  grpc::ServerUnaryReactor* Acquire(grpc::CallbackServerContext* context, const v1::AcquireRequest* request,
                                    v1::AcquireResponse* response) override;
  grpc::ServerUnaryReactor* Peek(grpc::CallbackServerContext* context, const v1::PeekRequest* request,
                                 v1::PeekResponse* response) override;
  grpc::ServerUnaryReactor* Report(grpc::CallbackServerContext* context, const v1::ReportRequest* request,
                                   v1::ReportResponse* response) override;

 private:
  Task<absl::Status> AcquireFor(rpc::ServerCall& call, const v1::AcquireRequest& request,
                                v1::AcquireResponse& response);
  Task<absl::Status> PeekFor(rpc::ServerCall& call, const v1::PeekRequest& request,
                             v1::PeekResponse& response);
  Task<absl::Status> ReportFor(rpc::ServerCall& call, const v1::ReportRequest& request,
                               v1::ReportResponse& response);

  EventLoops& loops_;
  Engine& engine_;
  const rpc::ServiceCredential credential_;
};

}  // namespace tidemark::ratelimit
