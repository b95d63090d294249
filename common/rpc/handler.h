// From a gRPC callback method to a Task and back. gRPC has two callback threads, so a handler only hands
// over:
//
//   grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context, const v1::CheckRequest* request,
//                                   v1::CheckResponse* response) override {
//     return rpc::HandleUnary(
//         loops_, context, [this, request, response](rpc::ServerCall& call) -> Task<absl::Status> {
//           ...
//           co_return absl::OkStatus();
//         });
//   }
//
// `request`, `response` and the ServerCall live until the body has ended. The log line and the metrics of
// each call are written by the server (server.h), so a handler needs no registry.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/async/event_loops.h"
#include "common/async/task.h"
#include "common/rpc/context.h"

namespace tidemark::rpc {

// The body runs on the loop that is next, to its end, even if the client has gone: a client that wants a
// bound sets a deadline, the body obeys its own timeouts. It is not begun for a client that has gone, or
// whose deadline has passed, while the loop was busy. The request id goes back as trailer x-request-id. The
// Status becomes a gRPC status with ErrorInfo, RetryInfo and BadRequest details (common/rpc/status.h).
grpc::ServerUnaryReactor* HandleUnary(EventLoops& loops, grpc::CallbackServerContext* context,
                                      std::function<Task<absl::Status>(ServerCall&)> body);

// How long a client may leave a message of a stream untaken.
inline constexpr absl::Duration kWriteTimeout = absl::Minutes(1);

// Writes messages of a server stream, one at a time; each call resumes when gRPC has taken the message
// (backpressure).
template <typename Message>
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;
  // CANCELLED: the client has gone, or has taken nothing for the stream's write timeout.
  virtual Task<absl::Status> Write(Message message) = 0;
  // For a body that waits for something else: calls `gone` once when the client has gone or its deadline has
  // passed, at once if it has. From any thread, and perhaps after the body has ended. To be asked once.
  virtual void WhenGone(std::function<void()> gone) = 0;
};

// The same for a server stream. Defined in handler_stream.h, which only transport .cc files include.
template <typename Message>
grpc::ServerWriteReactor<Message>* HandleStream(
    EventLoops& loops, grpc::CallbackServerContext* context,
    std::function<Task<absl::Status>(ServerCall&, StreamWriter<Message>&)> body,
    absl::Duration write_timeout = kWriteTimeout);

}  // namespace tidemark::rpc
