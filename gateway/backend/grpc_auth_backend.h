// AuthBackend as one gRPC call each. Shows the service credential, so that auth believes the client's
// address.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "gateway/backend/auth_backend.h"
#include "tidemark/v1/auth.grpc.pb.h"

namespace tidemark::gateway {

class GrpcAuthBackend : public AuthBackend {
 public:
  GrpcAuthBackend(const std::shared_ptr<grpc::Channel>& channel, std::string service_token);

  Task<absl::StatusOr<v1::RegisterResponse>> Register(rpc::ClientCall& call,
                                                      v1::RegisterRequest request) override;
  Task<absl::StatusOr<v1::LoginResponse>> Login(rpc::ClientCall& call, v1::LoginRequest request) override;
  Task<absl::StatusOr<v1::RefreshResponse>> Refresh(rpc::ClientCall& call,
                                                    v1::RefreshRequest request) override;
  Task<absl::StatusOr<v1::LogoutResponse>> Logout(rpc::ClientCall& call, v1::LogoutRequest request) override;
  Task<absl::StatusOr<v1::GetJwksResponse>> GetJwks(rpc::ClientCall& call) override;
  Task<absl::StatusOr<v1::ChangePasswordResponse>> ChangePassword(rpc::ClientCall& call,
                                                                  v1::ChangePasswordRequest request) override;
  Task<absl::StatusOr<v1::ListSessionsResponse>> ListSessions(rpc::ClientCall& call) override;
  Task<absl::StatusOr<v1::RevokeSessionResponse>> RevokeSession(rpc::ClientCall& call,
                                                                v1::RevokeSessionRequest request) override;
  Task<absl::StatusOr<v1::DeleteAccountResponse>> DeleteAccount(rpc::ClientCall& call,
                                                                v1::DeleteAccountRequest request) override;

 private:
  std::unique_ptr<v1::AuthService::Stub> stub_;
  const std::string service_token_;
};

}  // namespace tidemark::gateway
