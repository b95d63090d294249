// What one event loop has with another service: the calls that wait for their answers, and the streams that
// carry them.
//
// Where the service has several replicas there is a stream to each that can be reached, and they take turns
// (turns.h). Where none can be, or there is only one, calls go on a stream of the channel to all of them,
// which fails at once what nobody takes.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/async/completion.h"
#include "common/async/event_loops.h"
#include "common/async/watchdog.h"
#include "common/rpc/carrier_call_stream.h"
#include "common/rpc/client_stream.h"
#include "common/rpc/turns.h"
#include "tidemark/v1/carrier.pb.h"

namespace tidemark::rpc {

// Used on its loop alone.
class CarrierLane final : public std::enable_shared_from_this<CarrierLane> {
 public:
  using Answered = Completion<absl::StatusOr<v1::CarriedAnswer>>;
  using Peers = std::vector<std::shared_ptr<CarrierPeer>>;

  // `any` is whoever takes calls. `streams` outlives the streams. `on_loss`: the stream to a replica has
  // ended.
  CarrierLane(EventLoop& loop, std::shared_ptr<CarrierPeer> any, OpenStreams& streams,
              std::string service_token, std::function<void()> on_loss);

  // These are all there are. Who is not among them any more answers what it was sent and gets nothing
  // further.
  void SetReplicas(const Peers& replicas);

  // Sets the call's id. DEADLINE_EXCEEDED: no answer has come within `timeout`. UNAVAILABLE: the stream has
  // ended, for whatever reason, or too much waits for each.
  void Send(v1::CarriedCall call, absl::Duration timeout, Answered done);
  // Ends all calls.
  void Close();

  // Called by streams, on the loop.
  void Opened(CarrierCallStream* stream);
  void Take(CarrierCallStream* stream, v1::CarryResponse response);
  void Ended(CarrierCallStream* stream, const grpc::Status& status);

 private:
  using Time = CarrierCallStream::Time;
  struct Pending {
    Answered done;
    Time deadline;
    const CarrierCallStream* stream;
  };
  // A replica. It has its turn while the other end has greeted on `stream`.
  struct Route {
    std::shared_ptr<CarrierPeer> peer;
    // Null: one is to be opened.
    std::shared_ptr<CarrierCallStream> stream = nullptr;
    // Of the last one.
    Time opened_at = {};
    // The loss of its streams is logged once, until one is open again.
    bool loss_told = false;
  };

  std::shared_ptr<CarrierCallStream> Open(std::shared_ptr<CarrierPeer> peer, bool patient);
  // Opens those that are missing, none too often.
  void OpenRoutes();
  // `stream` takes no more calls.
  void Leave(const CarrierCallStream* stream);
  // Nothing: it is that of none.
  std::optional<size_t> RouteOf(const CarrierCallStream* stream) const;
  // The stream that has taken it. Null: none has room.
  const CarrierCallStream* Add(v1::CarriedCall& call, Time deadline);
  const CarrierCallStream* AddToReplica(size_t first, v1::CarriedCall& call, Time deadline);
  const CarrierCallStream* AddToAny(v1::CarriedCall& call, Time deadline);
  void Finish(uint64_t id, absl::StatusOr<v1::CarriedAnswer> answer);
  void EndLate();

  EventLoop& loop_;
  const std::shared_ptr<CarrierPeer> any_;
  OpenStreams& streams_;
  const std::string service_token_;
  const std::function<void()> on_loss_;
  // Takes new calls while no route does; null: the next such call opens one.
  std::shared_ptr<CarrierCallStream> any_stream_;
  // Routes, and by the same index their turns.
  std::vector<Route> routes_;
  Turns turns_;
  // The route of the last call.
  size_t last_ = 0;
  // A loop that never calls opens nothing.
  bool in_use_ = false;
  // All that have not ended, so that they can be cancelled.
  std::set<std::shared_ptr<CarrierCallStream>> open_;
  uint64_t last_id_ = 0;
  absl::flat_hash_map<uint64_t, Pending> pending_;
  std::set<std::pair<Time, uint64_t>> deadlines_;
  Watchdog late_;
  Watchdog opening_;
  bool closed_ = false;
  // The loss of `any_stream_` is logged once, until there is an answer again.
  bool loss_told_ = false;
};

}  // namespace tidemark::rpc
