// Whether another process can be reached, for readiness.
#pragma once

#include <grpcpp/channel.h>

#include <atomic>
#include <memory>
#include <thread>

namespace tidemark::gateway {

// Keeps the channel connected, on a thread of its own: nobody else drives a channel without calls, so its
// first connection would take gRPC ten seconds, and a loss would be noticed late. Thread-safe.
class ChannelWatch {
 public:
  explicit ChannelWatch(std::shared_ptr<grpc::Channel> channel);
  ~ChannelWatch();

  // False until the first connection, and from a failure to the next connection. A channel that merely rests
  // or is connecting keeps its last answer, so that readiness does not flap.
  bool Reachable() const { return reachable_; }
  // There was a connection once.
  bool WasReached() const { return was_reached_; }

 private:
  void Follow();
  void Take(grpc_connectivity_state state);

  const std::shared_ptr<grpc::Channel> channel_;
  std::atomic<bool> reachable_ = false;
  std::atomic<bool> was_reached_ = false;
  std::atomic<bool> stopping_ = false;
  std::thread follower_;
};

}  // namespace tidemark::gateway
