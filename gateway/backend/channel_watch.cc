#include "gateway/backend/channel_watch.h"

#include <utility>

namespace tidemark::gateway {

ChannelWatch::ChannelWatch(std::shared_ptr<grpc::Channel> channel) : channel_(std::move(channel)) {
  channel_->GetState(/*try_to_connect=*/true);
}

bool ChannelWatch::Reachable() {
  switch (channel_->GetState(/*try_to_connect=*/true)) {
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
  return reachable_;
}

bool ChannelWatch::WasReached() { return Reachable() || was_reached_; }

}  // namespace tidemark::gateway
