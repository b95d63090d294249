#include "gateway/backend/grpc_auth_backend.h"

#include "common/rpc/client.h"

namespace tidemark::gateway {

GrpcAuthBackend::GrpcAuthBackend(const std::shared_ptr<grpc::Channel>& channel, std::string service_token)
    : stub_(v1::AuthService::NewStub(channel)), service_token_(std::move(service_token)) {}

Task<absl::StatusOr<v1::RegisterResponse>> GrpcAuthBackend::Register(rpc::ClientCall& call,
                                                                     v1::RegisterRequest request) {
  call.service_token = service_token_;
  return rpc::CallUnary<v1::RegisterResponse>(
      call, std::move(request), [this](auto* context, auto* sent, auto* response, auto done) {
        stub_->async()->Register(context, sent, response, std::move(done));
      });
}

Task<absl::StatusOr<v1::LoginResponse>> GrpcAuthBackend::Login(rpc::ClientCall& call,
                                                               v1::LoginRequest request) {
  call.service_token = service_token_;
  return rpc::CallUnary<v1::LoginResponse>(call, std::move(request),
                                           [this](auto* context, auto* sent, auto* response, auto done) {
                                             stub_->async()->Login(context, sent, response, std::move(done));
                                           });
}

Task<absl::StatusOr<v1::RefreshResponse>> GrpcAuthBackend::Refresh(rpc::ClientCall& call,
                                                                   v1::RefreshRequest request) {
  call.service_token = service_token_;
  return rpc::CallUnary<v1::RefreshResponse>(
      call, std::move(request), [this](auto* context, auto* sent, auto* response, auto done) {
        stub_->async()->Refresh(context, sent, response, std::move(done));
      });
}

Task<absl::StatusOr<v1::LogoutResponse>> GrpcAuthBackend::Logout(rpc::ClientCall& call,
                                                                 v1::LogoutRequest request) {
  call.service_token = service_token_;
  return rpc::CallUnary<v1::LogoutResponse>(
      call, std::move(request), [this](auto* context, auto* sent, auto* response, auto done) {
        stub_->async()->Logout(context, sent, response, std::move(done));
      });
}

Task<absl::StatusOr<v1::GetJwksResponse>> GrpcAuthBackend::GetJwks(rpc::ClientCall& call) {
  call.service_token = service_token_;
  return rpc::CallUnary<v1::GetJwksResponse>(
      call, v1::GetJwksRequest(), [this](auto* context, auto* sent, auto* response, auto done) {
        stub_->async()->GetJwks(context, sent, response, std::move(done));
      });
}

}  // namespace tidemark::gateway
