#include "services/auth/transport/grpc_task_eraser.h"

#include <utility>

#include "common/rpc/client.h"

namespace tidemark::auth {
namespace {

// Less than the gateway waits. What takes longer goes on, and the next attempt finds less to do.
constexpr absl::Duration kTimeout = absl::Seconds(8);

}  // namespace

GrpcTaskEraser::GrpcTaskEraser(const std::shared_ptr<grpc::Channel>& sync_service, std::string service_token)
    : stub_(v1::SyncService::NewStub(sync_service)), service_token_(std::move(service_token)) {}

Task<absl::Status> GrpcTaskEraser::Erase(UserId user, Origin origin) {
  rpc::ClientCall call;
  call.origin = std::move(origin);
  call.service_token = service_token_;
  call.timeout = kTimeout;
  v1::EraseUserRequest request;
  request.set_user_id(user.value());
  absl::StatusOr<v1::EraseUserResponse> response = co_await rpc::CallUnary<v1::EraseUserResponse>(
      call, std::move(request), [this](auto* context, auto* sent, auto* answer, auto done) {
        stub_->async()->EraseUser(context, sent, answer, std::move(done));
      });
  co_return response.status();
}

}  // namespace tidemark::auth
