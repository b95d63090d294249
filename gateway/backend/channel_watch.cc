#include "gateway/backend/channel_watch.h"

#include <chrono>
#include <utility>

namespace tidemark::gateway {
namespace {

// How long the end of a watch may take.
constexpr std::chrono::milliseconds kTurn(100);
// Who waits on a channel does its work meanwhile. A connected one has others for that: a look now and then
// finds a loss that comes between calls.
constexpr std::chrono::milliseconds kLook(1);

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
    const bool connected = state == GRPC_CHANNEL_READY;
    channel_->WaitForStateChange(state, std::chrono::system_clock::now() + (connected ? kLook : kTurn));
    if (connected) std::this_thread::sleep_for(kTurn);
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
