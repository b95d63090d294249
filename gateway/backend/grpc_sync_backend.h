// SyncBackend as one gRPC call each. Waits in its destructor for the streams it has opened, which are to be
// let go of before.
#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "gateway/backend/sync_backend.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::gateway {

class GrpcSyncBackend : public SyncBackend {
 public:
  explicit GrpcSyncBackend(const std::shared_ptr<grpc::Channel>& channel);

  Task<absl::StatusOr<v1::CheckResponse>> Check(rpc::ClientCall& call, v1::CheckRequest request) override;
  Task<absl::StatusOr<v1::SyncResponse>> Sync(rpc::ClientCall& call, v1::SyncRequest request) override;
  Task<absl::StatusOr<v1::GetHistoryResponse>> GetHistory(rpc::ClientCall& call,
                                                          v1::GetHistoryRequest request) override;
  Task<absl::StatusOr<v1::ListDevicesResponse>> ListDevices(rpc::ClientCall& call) override;
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
};

}  // namespace tidemark::gateway
