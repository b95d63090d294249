// tidemark.v1.AuthService over gRPC. Password changes, the list of sessions and account removal are not there
// yet: gRPC answers UNIMPLEMENTED for what is not overridden.
#pragma once

#include <string>

#include "common/async/event_loops.h"
#include "common/rpc/context.h"
#include "services/auth/engine/engine.h"
#include "tidemark/v1/auth.grpc.pb.h"

namespace tidemark::auth {

// Thread-safe.
class Service final : public v1::AuthService::CallbackService {
 public:
  // `loops` and `engine` outlive the service. A caller that shows `service_token` is believed whom it calls
  // for (x-forwarded-for); if that is empty, nobody is.
  Service(EventLoops& loops, Engine& engine, std::string service_token);

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

 private:
  Caller CallerOf(const rpc::ServerCall& call) const;

  EventLoops& loops_;
  Engine& engine_;
  const std::string service_token_;
};

}  // namespace tidemark::auth
