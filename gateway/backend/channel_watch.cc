#include "gateway/backend/channel_watch.h"

#include <chrono>
#include <utility>

namespace tidemark::gateway {
namespace {

// How long the end of a watch may take.
constexpr std::chrono::milliseconds kTurn(100);

}  // namespace

ChannelWatch::ChannelWatch(std::shared_ptr<grpc::Channel> channel)
    : channel_(std::move(channel)), follower_([this] { Follow(); }) {}

ChannelWatch::~ChannelWatch() {
  stopping_ = true;
  follower_.join();
}

void ChannelWatch::Follow() {
  while (!stopping_) {
    const grpc_connectivity_state state = channel_->GetState(/*try_to_connect=*/true);
    Take(state);
    channel_->WaitForStateChange(state, std::chrono::system_clock::now() + kTurn);
  }
}

void ChannelWatch::Take(grpc_connectivity_state state) {
  switch (state) {
    case GRPC_CHANNEL_READY:
      reachable_ = true;
      was_reached_ = true;
      break;
    case GRPC_CHANNEL_TRANSIENT_FAILURE:
    case GRPC_CHANNEL_SHUTDOWN:
      reachable_ = false;
      break;
    case GRPC_CHANNEL_IDLE:
    case GRPC_CHANNEL_CONNECTING:
      break;
  }
}

}  // namespace tidemark::gateway
