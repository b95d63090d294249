// The published keys, from the auth service (AuthService.GetJwks).
#pragma once

#include <grpcpp/channel.h>

#include <memory>

#include "services/auth/client/key_source.h"
#include "tidemark/v1/auth.grpc.pb.h"

namespace tidemark::auth {

// Thread-safe.
class GrpcKeySource : public KeySource {
 public:
  explicit GrpcKeySource(std::shared_ptr<grpc::Channel> auth_service);
  Task<absl::StatusOr<std::vector<PublicKey>>> Fetch(Origin origin) override;

 private:
  std::unique_ptr<v1::AuthService::Stub> stub_;
};

}  // namespace tidemark::auth
