// TaskEraser as one call of the sync service.
#pragma once

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "services/auth/engine/task_eraser.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::auth {

// Thread-safe.
class GrpcTaskEraser : public TaskEraser {
 public:
  GrpcTaskEraser(const std::shared_ptr<grpc::Channel>& sync_service, std::string service_token);
  Task<absl::Status> Erase(UserId user, Origin origin) override;

 private:
  std::unique_ptr<v1::SyncService::Stub> stub_;
  const std::string service_token_;
};

}  // namespace tidemark::auth
