#include "gateway/backend/grpc_sync_backend.h"

#include "common/rpc/client.h"

namespace tidemark::gateway {

GrpcSyncBackend::GrpcSyncBackend(EventLoops& loops, const std::shared_ptr<grpc::Channel>& channel,
                                 rpc::Replicas replicas, const std::string& service_token)
    : stub_(v1::SyncService::NewStub(channel)),
      carrier_(loops, channel, std::move(replicas), service_token) {}

Task<absl::StatusOr<v1::CheckResponse>> GrpcSyncBackend::Check(rpc::ClientCall& call,
                                                               v1::CheckRequest request) {
  return carrier_.Call<v1::CheckResponse>(call, "/tidemark.v1.SyncService/Check", std::move(request));
}

Task<absl::StatusOr<v1::SyncResponse>> GrpcSyncBackend::Sync(rpc::ClientCall& call, v1::SyncRequest request) {
  return carrier_.Call<v1::SyncResponse>(call, "/tidemark.v1.SyncService/Sync", std::move(request));
}

Task<absl::StatusOr<v1::GetHistoryResponse>> GrpcSyncBackend::GetHistory(rpc::ClientCall& call,
                                                                         v1::GetHistoryRequest request) {
  return carrier_.Call<v1::GetHistoryResponse>(call, "/tidemark.v1.SyncService/GetHistory",
                                               std::move(request));
}

Task<absl::StatusOr<v1::ListDevicesResponse>> GrpcSyncBackend::ListDevices(rpc::ClientCall& call) {
  return carrier_.Call<v1::ListDevicesResponse>(call, "/tidemark.v1.SyncService/ListDevices",
                                                v1::ListDevicesRequest());
}

Task<absl::StatusOr<v1::GetUsageResponse>> GrpcSyncBackend::GetUsage(rpc::ClientCall& call) {
  return carrier_.Call<v1::GetUsageResponse>(call, "/tidemark.v1.SyncService/GetUsage",
                                             v1::GetUsageRequest());
}

std::unique_ptr<rpc::StreamReader<v1::SyncV1Response>> GrpcSyncBackend::SyncV1(const rpc::ClientCall& call,
                                                                               v1::SyncV1Request request) {
  return rpc::OpenStream<v1::SyncV1Response>(
      streams_, call, std::move(request),
      [this](auto* context, auto* sent, auto* reactor) { stub_->async()->SyncV1(context, sent, reactor); });
}

std::unique_ptr<rpc::StreamReader<v1::ExportResponse>> GrpcSyncBackend::Export(const rpc::ClientCall& call,
                                                                               v1::ExportRequest request) {
  return rpc::OpenStream<v1::ExportResponse>(
      streams_, call, std::move(request),
      [this](auto* context, auto* sent, auto* reactor) { stub_->async()->Export(context, sent, reactor); });
}

std::unique_ptr<rpc::StreamReader<v1::WatchResponse>> GrpcSyncBackend::Watch(const rpc::ClientCall& call,
                                                                             v1::WatchRequest request) {
  return rpc::OpenStream<v1::WatchResponse>(
      streams_, call, std::move(request),
      [this](auto* context, auto* sent, auto* reactor) { stub_->async()->Watch(context, sent, reactor); });
}

}  // namespace tidemark::gateway
