// Calling another process.
//
//   auto channel = rpc::NewChannel("127.0.0.1:50053", tls.peer_credentials());
//   auto stub = v1::RateLimitService::NewStub(channel);
//   rpc::ClientCall call{.origin = incoming.origin, .timeout = absl::Milliseconds(500)};
//   absl::StatusOr<v1::AcquireResponse> answer = co_await rpc::CallUnary<v1::AcquireResponse>(
//       call, request, [&](auto* context, auto* message, auto* response, auto done) {
//         stub->async()->Acquire(context, message, response, std::move(done));
//       });
#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/completion.h"
#include "common/async/task.h"
#include "common/rpc/context.h"
#include "common/rpc/replicas.h"
#include "common/rpc/status.h"

namespace tidemark::rpc {

// `addresses`: host:port, or several (target.h); they share the calls, and so do all those that a name has.
// One that stops (server.h) gets no more calls. Connects lazily and again after a loss (backoff at most 250
// ms). Keeps messages to 8 MiB. With TLS (tls.h) each must show a certificate that names
// ServerNameOf(addresses).
std::shared_ptr<grpc::Channel> NewChannel(
    const std::string& addresses,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials = grpc::InsecureChannelCredentials());

// The same addresses one by one, each with a channel like that: for a CarrierClient, which gives calls to
// each in turn. A name is looked up every few seconds, so that replicas which come get their share soon.
Replicas ReplicasOf(
    const std::string& addresses,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials = grpc::InsecureChannelCredentials());

// Sets metadata from `call`.
void AddMetadata(const ClientCall& call, grpc::ClientContext& context);
// Sets metadata and deadline from `call`.
void Prepare(const ClientCall& call, grpc::ClientContext& context);
// Copies into call.trailers what the answer announced before its first message (handler_stream.h).
void TakeHeaders(const grpc::ClientContext& context, ClientCall& call);
// Copies what the answer's trailers hold into `call`.
void TakeTrailers(const grpc::ClientContext& context, ClientCall& call);

// Resumes on the caller's loop. UNAVAILABLE when the other process is away, at once.
template <typename Response, typename Request, typename Start>
Task<absl::StatusOr<Response>> CallUnary(ClientCall& call, Request request, Start start) {
  struct State {
    grpc::ClientContext context;
    Request request;
    Response response;
  };
  auto state = std::make_shared<State>();
  state->request = std::move(request);
  Prepare(call, state->context);
  grpc::Status status = co_await Await<grpc::Status>([&](Completion<grpc::Status> done) {
    start(&state->context, &state->request, &state->response,
          [in_flight = state, done = std::move(done)](grpc::Status result) mutable {
            // The context holds the channel, and gRPC frees a queue twice when its own thread is the one that
            // lets go of the last channel. So the awaiting task is left to be the last.
            in_flight.reset();
            done(std::move(result));
          });
  });
  TakeTrailers(state->context, call);
  if (!status.ok()) co_return FromGrpc(status);
  co_return std::move(state->response);
}

}  // namespace tidemark::rpc
