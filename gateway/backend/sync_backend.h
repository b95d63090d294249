// How the gateway reaches the sync service: the interface behind which calls can later be coalesced.
//
//   absl::StatusOr<v1::CheckResponse> state = co_await sync.Check(exchange.call, request);
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/rpc/client_stream.h"
#include "common/rpc/context.h"
#include "tidemark/v1/sync.pb.h"

namespace tidemark::gateway {

// Errors are the service's own (proto/tidemark/v1/sync.proto); UNAVAILABLE when it is away. `call` outlives
// the task and takes the answer's trailers. Thread-safe.
class SyncBackend {
 public:
  virtual ~SyncBackend() = default;
  virtual Task<absl::StatusOr<v1::CheckResponse>> Check(rpc::ClientCall& call, v1::CheckRequest request) = 0;
  virtual Task<absl::StatusOr<v1::SyncResponse>> Sync(rpc::ClientCall& call, v1::SyncRequest request) = 0;
  virtual Task<absl::StatusOr<v1::GetHistoryResponse>> GetHistory(rpc::ClientCall& call,
                                                                  v1::GetHistoryRequest request) = 0;
  virtual Task<absl::StatusOr<v1::ListDevicesResponse>> ListDevices(rpc::ClientCall& call) = 0;
  virtual Task<absl::StatusOr<v1::GetUsageResponse>> GetUsage(rpc::ClientCall& call) = 0;

  // Streams. To be called, read and let go of on one loop; `call` is copied, and its timeout is for each
  // message.
  virtual std::unique_ptr<rpc::StreamReader<v1::SyncV1Response>> SyncV1(const rpc::ClientCall& call,
                                                                        v1::SyncV1Request request) = 0;
  virtual std::unique_ptr<rpc::StreamReader<v1::ExportResponse>> Export(const rpc::ClientCall& call,
                                                                        v1::ExportRequest request) = 0;
  virtual std::unique_ptr<rpc::StreamReader<v1::WatchResponse>> Watch(const rpc::ClientCall& call,
                                                                      v1::WatchRequest request) = 0;
};

}  // namespace tidemark::gateway
