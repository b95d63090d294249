// How the gateway reaches the auth service.
#pragma once

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/rpc/context.h"
#include "tidemark/v1/auth.pb.h"

namespace tidemark::gateway {

// Errors are the service's own (proto/tidemark/v1/auth.proto); UNAVAILABLE when it is away. `call` outlives
// the task and takes the answer's trailers. Thread-safe.
class AuthBackend {
 public:
  virtual ~AuthBackend() = default;
  virtual Task<absl::StatusOr<v1::RegisterResponse>> Register(rpc::ClientCall& call,
                                                              v1::RegisterRequest request) = 0;
  virtual Task<absl::StatusOr<v1::LoginResponse>> Login(rpc::ClientCall& call, v1::LoginRequest request) = 0;
  virtual Task<absl::StatusOr<v1::RefreshResponse>> Refresh(rpc::ClientCall& call,
                                                            v1::RefreshRequest request) = 0;
  virtual Task<absl::StatusOr<v1::LogoutResponse>> Logout(rpc::ClientCall& call,
                                                          v1::LogoutRequest request) = 0;
  virtual Task<absl::StatusOr<v1::GetJwksResponse>> GetJwks(rpc::ClientCall& call) = 0;
  virtual Task<absl::StatusOr<v1::ChangePasswordResponse>> ChangePassword(
      rpc::ClientCall& call, v1::ChangePasswordRequest request) = 0;
  virtual Task<absl::StatusOr<v1::ListSessionsResponse>> ListSessions(rpc::ClientCall& call) = 0;
  virtual Task<absl::StatusOr<v1::RevokeSessionResponse>> RevokeSession(rpc::ClientCall& call,
                                                                        v1::RevokeSessionRequest request) = 0;
  virtual Task<absl::StatusOr<v1::DeleteAccountResponse>> DeleteAccount(rpc::ClientCall& call,
                                                                        v1::DeleteAccountRequest request) = 0;
};

}  // namespace tidemark::gateway
