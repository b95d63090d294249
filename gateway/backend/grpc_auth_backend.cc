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

Task<absl::StatusOr<v1::ChangePasswordResponse>> GrpcAuthBackend::ChangePassword(
    rpc::ClientCall& call, v1::ChangePasswordRequest request) {
  call.service_token = service_token_;
  return rpc::CallUnary<v1::ChangePasswordResponse>(
      call, std::move(request), [this](auto* context, auto* sent, auto* response, auto done) {
        stub_->async()->ChangePassword(context, sent, response, std::move(done));
      });
}

Task<absl::StatusOr<v1::ListSessionsResponse>> GrpcAuthBackend::ListSessions(rpc::ClientCall& call) {
  call.service_token = service_token_;
  return rpc::CallUnary<v1::ListSessionsResponse>(
      call, v1::ListSessionsRequest(), [this](auto* context, auto* sent, auto* response, auto done) {
        stub_->async()->ListSessions(context, sent, response, std::move(done));
      });
}

Task<absl::StatusOr<v1::RevokeSessionResponse>> GrpcAuthBackend::RevokeSession(
    rpc::ClientCall& call, v1::RevokeSessionRequest request) {
  call.service_token = service_token_;
  return rpc::CallUnary<v1::RevokeSessionResponse>(
      call, std::move(request), [this](auto* context, auto* sent, auto* response, auto done) {
        stub_->async()->RevokeSession(context, sent, response, std::move(done));
      });
}

Task<absl::StatusOr<v1::DeleteAccountResponse>> GrpcAuthBackend::DeleteAccount(
    rpc::ClientCall& call, v1::DeleteAccountRequest request) {
  call.service_token = service_token_;
  return rpc::CallUnary<v1::DeleteAccountResponse>(
      call, std::move(request), [this](auto* context, auto* sent, auto* response, auto done) {
        stub_->async()->DeleteAccount(context, sent, response, std::move(done));
      });
}

}  // namespace tidemark::gateway
