// The serving end of many unary calls on one stream (carrier.proto).
//
//   rpc::CarrierServer carrier(loops, registry, rpc::ServiceCredential(token));
//   carrier.Add<v1::CheckRequest, v1::CheckResponse>("/tidemark.v1.SyncService/Check", body);
//   process.AddDrain([&carrier] { carrier.Close(); });
//   process.Serve({&service, &carrier});
//
// The bodies are those of the unary handlers (handler.h). The calls of a stream run on one loop, side by
// side; answers that are ready in one turn of it travel together. Streams are asked to close when they are a
// few minutes old, so that replicas that have come later get their share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/async/event_loops.h"
#include "common/async/task.h"
#include "common/metrics/metrics.h"
#include "common/mutex/mutex.h"
#include "common/rpc/call_log.h"
#include "common/rpc/context.h"
#include "common/rpc/service_credential.h"
#include "tidemark/v1/carrier.grpc.pb.h"

namespace tidemark::rpc {

// INVALID_ARGUMENT: a carried message could not be parsed.
absl::Status MalformedMessageError();

class CarrierStream;

class CarrierServer final : public v1::CarrierService::CallbackService {
 public:
  // `loops` and `registry` outlive this.
  CarrierServer(EventLoops& loops, metrics::Registry& registry, ServiceCredential credential,
                absl::Duration age_max = absl::Minutes(4))
      : loops_(loops),
        log_(registry),
        credential_(std::move(credential)),
        age_max_(age_max),
        streams_of_loop_(loops.size(), 0),
        readings_(registry) {
    readings_.Gauge("tidemark_carrier_streams", "Streams open that carry other processes' calls.", {},
                    [this] { return static_cast<double>(streams()); });
  }

  // Before the first call. Any other method is UNIMPLEMENTED.
  template <typename Request, typename Response>
  void Add(std::string method,
           std::function<Task<absl::Status>(ServerCall&, const Request&, Response&)> body) {
    methods_[std::move(method)] = [body = std::move(body)](ServerCall& call, const std::string& sent,
                                                           std::string& answer) {
      return Run<Request, Response>(body, call, sent, answer);
    };
  }

  // Asks all clients to send no more: the process stops. Returns at once.
  void Close();

  grpc::ServerBidiReactor<v1::CarryRequest, v1::CarryResponse>* Carry(
      grpc::CallbackServerContext* context) override;

 private:
  friend class CarrierStream;
  using Method = std::function<Task<absl::Status>(ServerCall&, const std::string&, std::string&)>;

  template <typename Request, typename Response, typename Body>
  static Task<absl::Status> Run(const Body& body, ServerCall& call, const std::string& sent,
                                std::string& answer) {
    Request request;
    if (!request.ParseFromString(sent)) co_return MalformedMessageError();
    Response response;
    absl::Status status = co_await body(call, request, response);
    if (status.ok()) response.SerializeToString(&answer);
    co_return status;
  }

  // Null: none of that name.
  const Method* Find(const std::string& method) const;
  void Forget(CarrierStream* stream);
  size_t streams();
  EventLoop& LoopWithFewest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  EventLoops& loops_;
  CallLog log_;
  const ServiceCredential credential_;
  const absl::Duration age_max_;
  absl::flat_hash_map<std::string, Method> methods_;
  Mutex mutex_;
  absl::flat_hash_set<CarrierStream*> streams_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> streams_of_loop_ ABSL_GUARDED_BY(mutex_);
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  // Last: reads the rest.
  metrics::Readings readings_;
};

}  // namespace tidemark::rpc
