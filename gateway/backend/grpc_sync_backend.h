// SyncBackend as gRPC calls, the unary ones carried together. Waits in its destructor for the streams it has
// opened, which are to be let go of before.
#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "common/rpc/carrier_client.h"
#include "gateway/backend/sync_backend.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::gateway {

class GrpcSyncBackend : public SyncBackend {
 public:
  // Called from `loops`, which outlive it. Streams are opened on `channel`; `replicas` are for the carrier.
  GrpcSyncBackend(EventLoops& loops, const std::shared_ptr<grpc::Channel>& channel, rpc::Replicas replicas,
                  const std::string& service_token);

  // Calls carried and not answered. From any thread.
  int carried_under_way() const { return carrier_.under_way(); }

  Task<absl::StatusOr<v1::CheckResponse>> Check(rpc::ClientCall& call, v1::CheckRequest request) override;
  Task<absl::StatusOr<v1::SyncResponse>> Sync(rpc::ClientCall& call, v1::SyncRequest request) override;
  Task<absl::StatusOr<v1::GetHistoryResponse>> GetHistory(rpc::ClientCall& call,
                                                          v1::GetHistoryRequest request) override;
  Task<absl::StatusOr<v1::ListDevicesResponse>> ListDevices(rpc::ClientCall& call) override;
  Task<absl::StatusOr<v1::GetUsageResponse>> GetUsage(rpc::ClientCall& call) override;
  std::unique_ptr<rpc::StreamReader<v1::SyncV1Response>> SyncV1(const rpc::ClientCall& call,
                                                                v1::SyncV1Request request) override;
  std::unique_ptr<rpc::StreamReader<v1::ExportResponse>> Export(const rpc::ClientCall& call,
                                                                v1::ExportRequest request) override;
  std::unique_ptr<rpc::StreamReader<v1::WatchResponse>> Watch(const rpc::ClientCall& call,
                                                              v1::WatchRequest request) override;

 private:
  std::unique_ptr<v1::SyncService::Stub> stub_;
  // After the stub, so that it is destroyed before.
  rpc::OpenStreams streams_;
  rpc::CarrierClient carrier_;
};

}  // namespace tidemark::gateway
