// One stream of a CarrierServer.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <deque>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "common/async/event_loops.h"
#include "common/async/task.h"
#include "common/mutex/mutex.h"
#include "common/rpc/context.h"
#include "tidemark/v1/carrier.pb.h"

namespace tidemark::rpc {

class CarrierServer;

// Owns itself: gRPC calls OnDone once, after Finish, and Finish is called when no call is under way any more.
class CarrierStream final : public grpc::ServerBidiReactor<v1::CarryRequest, v1::CarryResponse> {
 public:
  // Serves the stream's calls on `loop`, each with the credential of `caller`.
  CarrierStream(CarrierServer& server, EventLoop& loop, const grpc::CallbackServerContext& context,
                const ServerCall& caller);
  // Refuses it.
  CarrierStream(CarrierServer& server, EventLoop& loop, const grpc::Status& refusal);

  // Asks the client to send no more. Thread-safe.
  void Close();

  EventLoop& loop() const { return loop_; }

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone() override;

 private:
  void Start(v1::CarryRequest& batch);
  Task<void> Answer(std::shared_ptr<const v1::CarriedCall> call);
  ServerCall MakeCall(const v1::CarriedCall& carried) const;
  void Send(v1::CarriedAnswer answer);
  void Flush();

  // Writes what waits, unless a write is under way: its end writes the next.
  void Write() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // True once: all is said and done, and the caller is to call Finish, without the lock.
  bool TakeEnd() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsOld() const;

  CarrierServer& server_;
  EventLoop& loop_;
  const std::string peer_;
  const std::string service_token_;
  const bool is_certified_ = false;
  const std::chrono::steady_clock::time_point closes_at_;
  v1::CarryRequest received_;
  v1::CarryResponse sent_;

  Mutex mutex_;
  std::deque<v1::CarriedAnswer> waiting_ ABSL_GUARDED_BY(mutex_);
  int under_way_ ABSL_GUARDED_BY(mutex_) = 0;
  bool flush_posted_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool close_asked_ ABSL_GUARDED_BY(mutex_) = false;
  bool close_sent_ ABSL_GUARDED_BY(mutex_) = false;
  bool reading_ended_ ABSL_GUARDED_BY(mutex_) = false;
  // The client has gone: nothing can be said any more.
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidemark::rpc
