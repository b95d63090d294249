#include "gateway/backend/grpc_sync_backend.h"

#include "common/rpc/client.h"

namespace tidemark::gateway {
namespace {

void Append(v1::SyncV1Response& whole, v1::SyncV1Response& part) {
  for (v1::Task& task : *part.mutable_updates()) *whole.add_updates() = std::move(task);
  for (v1::Conflict& conflict : *part.mutable_conflicts()) *whole.add_conflicts() = std::move(conflict);
  if (part.has_server_time()) whole.set_server_time(part.server_time());
  if (part.full_resync()) whole.set_full_resync(true);
}

// Reads a V1 answer to its end. Lives in the task that awaits it and nowhere else: the context holds the
// channel, and gRPC frees a queue twice when its own thread is the one that lets go of the last channel.
class V1Collector : public grpc::ClientReadReactor<v1::SyncV1Response> {
 public:
  explicit V1Collector(v1::SyncV1Request request) : request_(std::move(request)) {}

  void Start(v1::SyncService::Stub& stub, Completion<grpc::Status> done) {
    done_ = std::move(done);
    stub.async()->SyncV1(&context_, &request_, this);
    StartRead(&part_);
    StartCall();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return;
    Append(whole_, part_);
    part_.Clear();
    StartRead(&part_);
  }

  void OnDone(const grpc::Status& status) override {
    // Moved out first: this may be gone before the completion returns.
    const Completion<grpc::Status> done = std::move(done_);
    done(status);
  }

  grpc::ClientContext& context() { return context_; }
  v1::SyncV1Response TakeWhole() { return std::move(whole_); }

 private:
  grpc::ClientContext context_;
  const v1::SyncV1Request request_;
  v1::SyncV1Response part_;
  v1::SyncV1Response whole_;
  Completion<grpc::Status> done_;
};

}  // namespace

GrpcSyncBackend::GrpcSyncBackend(const std::shared_ptr<grpc::Channel>& channel)
    : stub_(v1::SyncService::NewStub(channel)) {}

Task<absl::StatusOr<v1::CheckResponse>> GrpcSyncBackend::Check(rpc::ClientCall& call,
                                                               v1::CheckRequest request) {
  return rpc::CallUnary<v1::CheckResponse>(call, std::move(request),
                                           [this](auto* context, auto* sent, auto* response, auto done) {
                                             stub_->async()->Check(context, sent, response, std::move(done));
                                           });
}

Task<absl::StatusOr<v1::SyncResponse>> GrpcSyncBackend::Sync(rpc::ClientCall& call, v1::SyncRequest request) {
  return rpc::CallUnary<v1::SyncResponse>(call, std::move(request),
                                          [this](auto* context, auto* sent, auto* response, auto done) {
                                            stub_->async()->Sync(context, sent, response, std::move(done));
                                          });
}

Task<absl::StatusOr<v1::GetHistoryResponse>> GrpcSyncBackend::GetHistory(rpc::ClientCall& call,
                                                                         v1::GetHistoryRequest request) {
  return rpc::CallUnary<v1::GetHistoryResponse>(
      call, std::move(request), [this](auto* context, auto* sent, auto* response, auto done) {
        stub_->async()->GetHistory(context, sent, response, std::move(done));
      });
}

Task<absl::StatusOr<v1::ListDevicesResponse>> GrpcSyncBackend::ListDevices(rpc::ClientCall& call) {
  return rpc::CallUnary<v1::ListDevicesResponse>(
      call, v1::ListDevicesRequest(), [this](auto* context, auto* sent, auto* response, auto done) {
        stub_->async()->ListDevices(context, sent, response, std::move(done));
      });
}

Task<absl::StatusOr<v1::SyncV1Response>> GrpcSyncBackend::SyncV1(rpc::ClientCall& call,
                                                                 v1::SyncV1Request request) {
  V1Collector collector(std::move(request));
  rpc::Prepare(call, collector.context());
  const grpc::Status status = co_await Await<grpc::Status>(
      [&](Completion<grpc::Status> done) { collector.Start(*stub_, std::move(done)); });
  rpc::TakeTrailers(collector.context(), call);
  if (!status.ok()) co_return rpc::FromGrpc(status);
  co_return collector.TakeWhole();
}

}  // namespace tidemark::gateway
