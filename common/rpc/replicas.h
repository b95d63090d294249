// The replicas of a service, for calls that are spread over them one by one.
#pragma once

#include <grpcpp/channel.h>

#include <functional>
#include <memory>
#include <string>

#include "common/rpc/address_feed.h"

namespace tidemark::rpc {

struct Replicas {
  std::unique_ptr<AddressFeed> addresses;
  // A channel to one of them alone.
  std::function<std::shared_ptr<grpc::Channel>(const std::string& address)> connect;
};

}  // namespace tidemark::rpc
