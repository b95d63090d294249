// Whether another process can be reached, for readiness.
#pragma once

#include <grpcpp/channel.h>

#include <atomic>
#include <memory>

namespace tidemark::gateway {

// Thread-safe.
class ChannelWatch {
 public:
  // Asks the channel to connect.
  explicit ChannelWatch(std::shared_ptr<grpc::Channel> channel);

  // False until the first connection, and from a failure to the next connection. A channel that merely rests
  // or is connecting keeps its last answer, so that readiness does not flap. Does not block.
  bool Reachable();
  // A connection was seen by Reachable() once.
  bool WasReached();

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  std::atomic<bool> reachable_ = false;
  std::atomic<bool> was_reached_ = false;
};

}  // namespace tidemark::gateway
