#include "common/rpc/carrier_client.h"

#include <functional>
#include <map>

#include "common/rpc/carrier_lane.h"
#include "common/rpc/limits.h"
#include "common/rpc/status.h"
#include "common/status/error.h"

namespace tidemark::rpc {
namespace {

v1::CarriedCall Encode(const ClientCall& call, std::string_view method, std::string request) {
  v1::CarriedCall carried;
  carried.set_method(std::string(method));
  carried.set_request(std::move(request));
  carried.set_request_id(call.origin.request_id);
  if (call.origin.span.exists()) carried.set_traceparent(Traceparent(call.origin.span));
  carried.set_authorization(call.authorization);
  carried.set_forwarded_for(call.forwarded_for);
  return carried;
}

struct LaneOnLoop {
  EventLoop* loop;
  std::weak_ptr<CarrierLane> lane;
};

// Gives every lane the same channel to each replica.
AddressFeed::Told TellLanes(std::vector<LaneOnLoop> lanes,
                            std::function<std::shared_ptr<grpc::Channel>(const std::string&)> connect) {
  using Known = std::map<std::string, std::shared_ptr<CarrierPeer>>;
  return [lanes = std::move(lanes), connect = std::move(connect),
          known = Known()](const AddressFeed::Addresses& addresses) mutable {
    Known now;
    CarrierLane::Peers peers;
    // One alone has no need of turns.
    for (size_t i = 0; addresses.size() > 1 && i < addresses.size(); ++i) {
      std::shared_ptr<CarrierPeer>& peer = now[addresses[i]];
      const auto before = known.find(addresses[i]);
      peer = before == known.end() ? std::make_shared<CarrierPeer>(connect(addresses[i])) : before->second;
      peers.push_back(peer);
    }
    known = std::move(now);
    for (const LaneOnLoop& each : lanes) {
      each.loop->Post([lane = each.lane, peers] {
        if (const auto alive = lane.lock()) alive->SetReplicas(peers);
      });
    }
  };
}

}  // namespace

CarrierClient::CarrierClient(EventLoops& loops, const std::shared_ptr<grpc::Channel>& channel,
                             Replicas replicas, const std::string& service_token)
    : loops_(loops), addresses_(std::move(replicas.addresses)) {
  const auto any = std::make_shared<CarrierPeer>(channel);
  std::vector<LaneOnLoop> told;
  for (int i = 0; i < loops_.size(); ++i) {
    lanes_.push_back(std::make_shared<CarrierLane>(loops_.at(i), any, streams_, service_token,
                                                   [this] { addresses_->LookAgain(); }));
    told.push_back({&loops_.at(i), lanes_.back()});
  }
  if (addresses_ != nullptr) addresses_->Follow(TellLanes(std::move(told), std::move(replicas.connect)));
}

CarrierClient::~CarrierClient() {
  for (int i = 0; i < loops_.size(); ++i) {
    RunBlocking<void>(loops_.at(i), [lane = std::move(lanes_[i])]() -> Task<void> {
      lane->Close();
      co_return;
    });
  }
}

Task<absl::StatusOr<std::string>> CarrierClient::Carry(ClientCall& call, std::string_view method,
                                                       std::string request) {
  CarrierLane& lane = *lanes_[EventLoop::Current()->index()];
  v1::CarriedCall carried = Encode(call, method, std::move(request));
  if (carried.ByteSizeLong() > kCarriedBytesMax) {
    co_return Error(Code::kBodyTooLarge, "The request is too large.");
  }
  ++under_way_;
  absl::StatusOr<v1::CarriedAnswer> answer = co_await Await<absl::StatusOr<v1::CarriedAnswer>>(
      [&](CarrierLane::Answered done) { lane.Send(std::move(carried), call.timeout, std::move(done)); });
  --under_way_;
  if (!answer.ok()) co_return answer.status();
  for (v1::CarriedTrailer& trailer : *answer->mutable_trailers()) {
    call.trailers[trailer.key()] = std::move(*trailer.mutable_value());
  }
  if (answer->code() != grpc::StatusCode::OK) {
    const auto code = static_cast<grpc::StatusCode>(answer->code());
    co_return FromGrpc({code, answer->message(), answer->details()});
  }
  co_return std::move(*answer->mutable_response());
}

}  // namespace tidemark::rpc
