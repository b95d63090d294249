// tidemark.v1.SyncService over the engine: who calls, proto in, proto out. No rules.
#pragma once

#include <functional>
#include <utility>

#include "common/async/event_loops.h"
#include "common/rpc/carrier_server.h"
#include "common/rpc/context.h"
#include "common/rpc/service_credential.h"
#include "services/auth/client/token_verifier.h"
#include "services/sync/engine/engine.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::sync {

class Service final : public v1::SyncService::CallbackService {
 public:
  // All outlive this.
  Service(EventLoops& loops, auth::TokenVerifier& verifier, Engine& engine, rpc::ServiceCredential credential)
      : loops_(loops), verifier_(verifier), engine_(engine), credential_(std::move(credential)) {}

  // Has `carrier` carry the unary rpcs to this, which outlives it.
  void CarryBy(rpc::CarrierServer& carrier);

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context, const v1::CheckRequest* request,
                                  v1::CheckResponse* response) override;
  grpc::ServerUnaryReactor* Sync(grpc::CallbackServerContext* context, const v1::SyncRequest* request,
                                 v1::SyncResponse* response) override;
  grpc::ServerUnaryReactor* GetHistory(grpc::CallbackServerContext* context,
                                       const v1::GetHistoryRequest* request,
                                       v1::GetHistoryResponse* response) override;
  grpc::ServerUnaryReactor* ListDevices(grpc::CallbackServerContext* context,
                                        const v1::ListDevicesRequest* request,
                                        v1::ListDevicesResponse* response) override;
  grpc::ServerUnaryReactor* GetUsage(grpc::CallbackServerContext* context, const v1::GetUsageRequest* request,
                                     v1::GetUsageResponse* response) override;
  grpc::ServerWriteReactor<v1::SyncV1Response>* SyncV1(grpc::CallbackServerContext* context,
                                                       const v1::SyncV1Request* request) override;
  grpc::ServerWriteReactor<v1::SyncResponse>* Pull(grpc::CallbackServerContext* context,
                                                   const v1::PullRequest* request) override;
  grpc::ServerWriteReactor<v1::WatchResponse>* Watch(grpc::CallbackServerContext* context,
                                                     const v1::WatchRequest* request) override;
  grpc::ServerWriteReactor<v1::ExportResponse>* Export(grpc::CallbackServerContext* context,
                                                       const v1::ExportRequest* request) override;
  // Needs the service credential.
  grpc::ServerUnaryReactor* EraseUser(grpc::CallbackServerContext* context,
                                      const v1::EraseUserRequest* request,
                                      v1::EraseUserResponse* response) override;

 private:
  using Body = std::function<Task<absl::Status>(Call&)>;

  // Runs `body` for the user that the call's token names, and sends the limit's state back with whatever it
  // answers.
  Task<absl::Status> AsUser(rpc::ServerCall& incoming, Body body);

  Task<absl::Status> CheckAs(rpc::ServerCall& incoming, const v1::CheckRequest& request,
                             v1::CheckResponse& response);
  Task<absl::Status> SyncAs(rpc::ServerCall& incoming, const v1::SyncRequest& request,
                            v1::SyncResponse& response);
  Task<absl::Status> GetHistoryAs(rpc::ServerCall& incoming, const v1::GetHistoryRequest& request,
                                  v1::GetHistoryResponse& response);
  Task<absl::Status> ListDevicesAs(rpc::ServerCall& incoming, const v1::ListDevicesRequest& request,
                                   v1::ListDevicesResponse& response);
  Task<absl::Status> GetUsageAs(rpc::ServerCall& incoming, const v1::GetUsageRequest& request,
                                v1::GetUsageResponse& response);

  Task<absl::Status> AnswerCheck(Call& call, const v1::CheckRequest& request, v1::CheckResponse& response);
  Task<absl::Status> AnswerSync(Call& call, const v1::SyncRequest& request, v1::SyncResponse& response);
  Task<absl::Status> AnswerHistory(Call& call, const v1::GetHistoryRequest& request,
                                   v1::GetHistoryResponse& response);
  Task<absl::Status> AnswerDevices(Call& call, v1::ListDevicesResponse& response);
  Task<absl::Status> AnswerUsage(Call& call, v1::GetUsageResponse& response);
  // An empty POST /sync.
  Task<absl::Status> AnswerEmptySync(Call& call, const v1::SyncRequest& request, v1::SyncResponse& response);

  EventLoops& loops_;
  auth::TokenVerifier& verifier_;
  Engine& engine_;
  const rpc::ServiceCredential credential_;
};

}  // namespace tidemark::sync
