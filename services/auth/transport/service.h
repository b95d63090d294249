// tidemark.v1.AuthService over gRPC.
#pragma once

#include <vector>

#include "common/async/event_loops.h"
#include "common/net/ip.h"
#include "common/rpc/context.h"
#include "common/rpc/service_credential.h"
#include "services/auth/engine/engine.h"
#include "services/auth/engine/revocation_feed.h"
#include "tidemark/v1/auth.grpc.pb.h"

namespace tidemark::auth {

// Thread-safe.
class Service final : public v1::AuthService::CallbackService {
 public:
  // All that is referred to outlives the service. A caller with the service credential is believed whom it
  // calls for (x-forwarded-for), and may watch revocations. A trusted proxy is believed the first, too.
  Service(EventLoops& loops, Engine& engine, RevocationFeed& revocations, rpc::ServiceCredential credential,
          std::vector<IpNetwork> trusted_proxies = {});

  grpc::ServerUnaryReactor* Register(grpc::CallbackServerContext* context, const v1::RegisterRequest* request,
                                     v1::RegisterResponse* response) override;
  grpc::ServerUnaryReactor* Login(grpc::CallbackServerContext* context, const v1::LoginRequest* request,
                                  v1::LoginResponse* response) override;
  grpc::ServerUnaryReactor* Refresh(grpc::CallbackServerContext* context, const v1::RefreshRequest* request,
                                    v1::RefreshResponse* response) override;
  grpc::ServerUnaryReactor* Logout(grpc::CallbackServerContext* context, const v1::LogoutRequest* request,
                                   v1::LogoutResponse* response) override;
  grpc::ServerUnaryReactor* GetJwks(grpc::CallbackServerContext* context, const v1::GetJwksRequest* request,
                                    v1::GetJwksResponse* response) override;
  grpc::ServerUnaryReactor* ChangePassword(grpc::CallbackServerContext* context,
                                           const v1::ChangePasswordRequest* request,
                                           v1::ChangePasswordResponse* response) override;
  grpc::ServerUnaryReactor* ListSessions(grpc::CallbackServerContext* context,
                                         const v1::ListSessionsRequest* request,
                                         v1::ListSessionsResponse* response) override;
  grpc::ServerUnaryReactor* RevokeSession(grpc::CallbackServerContext* context,
                                          const v1::RevokeSessionRequest* request,
                                          v1::RevokeSessionResponse* response) override;
  grpc::ServerUnaryReactor* DeleteAccount(grpc::CallbackServerContext* context,
                                          const v1::DeleteAccountRequest* request,
                                          v1::DeleteAccountResponse* response) override;
  grpc::ServerBidiReactor<v1::WatchRevocationsRequest, v1::WatchRevocationsResponse>* WatchRevocations(
      grpc::CallbackServerContext* context) override;

 private:
  Caller CallerOf(const rpc::ServerCall& call) const;

  EventLoops& loops_;
  Engine& engine_;
  RevocationFeed& revocations_;
  const rpc::ServiceCredential credential_;
  const std::vector<IpNetwork> trusted_proxies_;
};

}  // namespace tidemark::auth
