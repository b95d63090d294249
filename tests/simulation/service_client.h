// The real service as devices reach it: replicas of tidemark-sync behind their gRPC addresses. Calls run side
// by side; their answers are handed out one by one, in the order in which they came.
//
//   client.Start(call, 0, token, request);
//   ServiceClient::Arrival arrival = client.Await();
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/event_loops.h"
#include "common/mutex/mutex.h"
#include "common/rpc/context.h"
#include "gateway/backend/grpc_sync_backend.h"
#include "tests/simulation/requests.h"

namespace tidemark::simulation {

// To be used from one thread.
class ServiceClient {
 public:
  struct Arrival {
    CallId call = 0;
    Answer answer;
  };

  // At least one address. A call that takes longer than `timeout` is answered UNAVAILABLE.
  ServiceClient(const std::vector<std::string>& addresses, const std::string& service_token,
                absl::Duration timeout);
  // Waits for what is under way.
  ~ServiceClient();

  int64_t replicas() const { return static_cast<int64_t>(backends_.size()); }
  void Start(CallId call, int64_t replica, const std::string& token, Request request);
  // Some call is under way.
  Arrival Await();
  // What has come.
  std::optional<Arrival> Poll();
  // Returns when all replicas are connected, or `at_most` has passed.
  void AwaitReplicas(absl::Duration at_most);

  // The same, waited for.
  Answer Ask(int64_t replica, const std::string& token, Request request);
  // Empty: there is no such task and never was.
  absl::StatusOr<std::vector<sync::HistoryEntry>> GetHistory(int64_t replica, const std::string& token,
                                                             const TaskId& task);

 private:
  rpc::ClientCall NewCall(const std::string& token) const;
  Task<void> Serve(CallId call, int64_t replica, std::string token, Request request);
  Task<Answer> Call(int64_t replica, std::string token, Request request);
  Task<absl::StatusOr<v1::GetHistoryResponse>> CallHistory(int64_t replica, std::string token, TaskId task);

  const absl::Duration timeout_;
  int64_t under_way_ = 0;
  Mutex mutex_;
  CondVar arrived_;
  std::deque<Arrival> arrivals_ ABSL_GUARDED_BY(mutex_);
  EventLoops loops_{1};
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  // After the loops: gRPC's threads complete tasks that run on them.
  std::vector<std::unique_ptr<gateway::GrpcSyncBackend>> backends_;
};

}  // namespace tidemark::simulation
