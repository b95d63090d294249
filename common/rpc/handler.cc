#include "common/rpc/handler.h"

#include <utility>

#include "common/rpc/incoming_call.h"

namespace tidemark::rpc {
namespace {

// Owns itself: gRPC calls OnDone once, after Finish, also when the client has cancelled. A body that has
// begun therefore always runs to its end, and a push is never cut in half by a client that hangs up.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  UnaryCall(grpc::CallbackServerContext* context, std::function<Task<absl::Status>(ServerCall&)> body)
      : context_(context), incoming_(context), body_(std::move(body)) {}

  Task<void> Run() {
    if (context_->IsCancelled()) {
      Finish(grpc::Status::CANCELLED);
      co_return;
    }
    const grpc::Status status = co_await incoming_.Answer([this] { return body_(incoming_.call()); });
    Finish(status);
    // *this may be gone.
  }

  void OnDone() override { delete this; }

 private:
  grpc::CallbackServerContext* const context_;
  IncomingCall incoming_;
  std::function<Task<absl::Status>(ServerCall&)> body_;
};

}  // namespace

grpc::ServerUnaryReactor* HandleUnary(EventLoops& loops, grpc::CallbackServerContext* context,
                                      std::function<Task<absl::Status>(ServerCall&)> body) {
  auto* call = new UnaryCall(context, std::move(body));
  Spawn(loops.Next(), [call] { return call->Run(); });
  return call;
}

}  // namespace tidemark::rpc
