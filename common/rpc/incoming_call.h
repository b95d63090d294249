// What handlers share: reading the context at the start, answering at the end.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "common/async/task.h"
#include "common/rpc/context.h"

namespace tidemark::rpc {

// What came with `key`; empty: nothing.
std::string MetadataOf(const grpc::CallbackServerContext& context, std::string_view key);

// Whether the peer has shown a certificate. TLS has verified it, or there would be no call.
bool IsCertified(const grpc::CallbackServerContext& context);

// Runs `body`; what it throws becomes INTERNAL. `call` outlives the task.
Task<grpc::Status> AnswerCall(const ServerCall& call, std::function<Task<absl::Status>()> body);

class IncomingCall {
 public:
  explicit IncomingCall(grpc::CallbackServerContext* context);

  ServerCall& call() { return call_; }
  // Sends what the trailers hold by now ahead of the first message as well: a stream's reader wants to know
  // it before the end.
  void AnnounceTrailers();
  // AnswerCall, and adds the trailers.
  Task<grpc::Status> Answer(std::function<Task<absl::Status>()> body);

 private:
  void AddTrailers();

  grpc::CallbackServerContext* context_;
  ServerCall call_;
};

}  // namespace tidemark::rpc
