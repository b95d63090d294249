// What unary and streaming handlers share: reading the context at the start, answering at the end.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>

#include "absl/status/status.h"
#include "common/async/task.h"
#include "common/rpc/context.h"

namespace tidemark::rpc {

class IncomingCall {
 public:
  explicit IncomingCall(grpc::CallbackServerContext* context);

  ServerCall& call() { return call_; }
  // Sends what the trailers hold by now ahead of the first message as well: a stream's reader wants to know
  // it before the end.
  void AnnounceTrailers();
  // Runs `body`; what it throws becomes INTERNAL. Adds the trailers, and returns what to finish the call
  // with.
  Task<grpc::Status> Answer(std::function<Task<absl::Status>()> body);

 private:
  void AddTrailers();

  grpc::CallbackServerContext* context_;
  ServerCall call_;
};

}  // namespace tidemark::rpc
