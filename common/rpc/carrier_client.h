// The calling end of many unary calls on one stream (carrier.proto).
//
//   rpc::CarrierClient carrier(loops, rpc::NewChannel(address), rpc::ReplicasOf(address), service_token);
//   absl::StatusOr<v1::CheckResponse> answer =
//       co_await carrier.Call<v1::CheckResponse>(call, "/tidemark.v1.SyncService/Check", request);
//
// Each event loop has a stream of its own to each replica, opened by its first call and again after a loss;
// one turn's calls of a loop travel together, and the next turn's to the next replica.
#pragma once

#include <grpcpp/channel.h>

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/async/event_loops.h"
#include "common/async/task.h"
#include "common/rpc/client_stream.h"
#include "common/rpc/context.h"
#include "common/rpc/replicas.h"

namespace tidemark::rpc {

class CarrierLane;

// Called from the event loops it was given.
class CarrierClient {
 public:
  // `channel` leads to any replica: it has the calls while none of `replicas` can be reached, or there are
  // not two of them.
  CarrierClient(EventLoops& loops, const std::shared_ptr<grpc::Channel>& channel, Replicas replicas,
                const std::string& service_token);
  // Calls under way end with UNAVAILABLE. To be called while the loops still run, from none of their threads.
  ~CarrierClient();
  CarrierClient(const CarrierClient&) = delete;
  CarrierClient& operator=(const CarrierClient&) = delete;

  // Calls that wait for their answers. From any thread.
  int under_way() const { return under_way_; }

  // As CallUnary (client.h); the credential that goes with it is the carrier's, whatever `call` says.
  template <typename Response, typename Request>
  Task<absl::StatusOr<Response>> Call(ClientCall& call, std::string_view method, Request request) {
    std::string sent = request.SerializeAsString();
    absl::StatusOr<std::string> answer = co_await Carry(call, method, std::move(sent));
    if (!answer.ok()) co_return answer.status();
    Response response;
    if (!response.ParseFromString(*answer)) co_return absl::InternalError("the answer could not be parsed");
    co_return response;
  }

 private:
  Task<absl::StatusOr<std::string>> Carry(ClientCall& call, std::string_view method, std::string request);

  // Waits for the streams of the lanes.
  OpenStreams streams_;
  EventLoops& loops_;
  // Null: there is but one replica, for all that is known. Asked by the lanes.
  const std::unique_ptr<AddressFeed> addresses_;
  // By the loop's index.
  std::vector<std::shared_ptr<CarrierLane>> lanes_;
  std::atomic<int> under_way_ = 0;
};

}  // namespace tidemark::rpc
