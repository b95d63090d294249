// One stream that carries the calls of an event loop: what gRPC's threads call. The lane (carrier_lane.h)
// knows the rest.
#pragma once

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "common/async/event_loops.h"
#include "common/mutex/mutex.h"
#include "common/rpc/client_stream.h"
#include "tidemark/v1/carrier.grpc.pb.h"

namespace tidemark::rpc {

class CarrierLane;

// Whom calls may be carried to: one replica of a service, or whichever takes them.
struct CarrierPeer {
  explicit CarrierPeer(const std::shared_ptr<grpc::Channel>& channel)
      : stub(v1::CarrierService::NewStub(channel)) {}

  const std::unique_ptr<v1::CarrierService::Stub> stub;
};

// Kept alive by itself until gRPC is done with it.
class CarrierCallStream final : public grpc::ClientBidiReactor<v1::CarryRequest, v1::CarryResponse>,
                                public std::enable_shared_from_this<CarrierCallStream> {
 public:
  using Time = std::chrono::steady_clock::time_point;

  CarrierCallStream(OpenStreams& streams, std::shared_ptr<CarrierPeer> peer, EventLoop& loop,
                    std::weak_ptr<CarrierLane> lane);

  // `patient`: waits until the peer can be reached, however long that takes, instead of ending.
  void Open(const std::string& service_token, bool patient);

  // To be written in the next turn of the loop, unless `deadline` passes before. On the loop. False: too much
  // waits already, and `call` is as it was.
  bool Add(v1::CarriedCall& call, Time deadline);
  // What is added now travels with what was added before.
  bool gathers();
  // No calls follow. Those that were added are still written.
  void HalfClose();
  void Cancel() { context_.TryCancel(); }

  void OnReadInitialMetadataDone(bool ok) override;
  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnDone(const grpc::Status& status) override;

 private:
  void Flush();
  // Writes what waits, unless a write is under way: its end writes the next.
  void Write() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // First, so that it is destroyed last: after all that holds the channel.
  const OpenStreams::Entry entry_;
  const std::shared_ptr<CarrierPeer> peer_;
  EventLoop& loop_;
  const std::weak_ptr<CarrierLane> lane_;
  grpc::ClientContext context_;
  v1::CarryRequest sent_;
  v1::CarryResponse received_;
  std::shared_ptr<CarrierCallStream> until_done_;

  Mutex mutex_;
  struct Waiting {
    v1::CarriedCall call;
    Time deadline;
    std::size_t bytes;
  };
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  std::size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool flush_posted_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace tidemark::rpc
