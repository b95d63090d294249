#include "gateway/backend/channel_watch.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "common/async/test_eventually.h"
#include "common/rpc/client.h"
#include "tidemark/v1/auth.grpc.pb.h"

namespace tidemark::gateway {
namespace {

struct Server {
  explicit Server(const std::string& address) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service);
    server = builder.BuildAndStart();
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(port); }

  int port = 0;
  // gRPC wants something to serve.
  v1::AuthService::Service service;
  std::unique_ptr<grpc::Server> server;
};

bool Becomes(const ChannelWatch& watch, bool reachable) {
  return Eventually([&] { return watch.Reachable() == reachable; });
}

TEST(ChannelWatch, IsNotReachableBeforeTheFirstConnection) {
  const auto channel = rpc::NewChannel("127.0.0.1:1");
  ChannelWatch watch(channel);
  EXPECT_FALSE(watch.Reachable());
  EXPECT_FALSE(watch.WasReached());
}

TEST(ChannelWatch, ConnectsByItselfAndNoticesALossAndARecovery) {
  auto server = std::make_unique<Server>("127.0.0.1:0");
  const std::string address = server->address();
  const auto channel = rpc::NewChannel(address);
  ChannelWatch watch(channel);
  EXPECT_TRUE(Becomes(watch, true));

  server = nullptr;
  EXPECT_TRUE(Becomes(watch, false));
  EXPECT_TRUE(watch.WasReached()) << "once is enough";

  server = std::make_unique<Server>(address);
  ASSERT_NE(server->server, nullptr);
  EXPECT_TRUE(Becomes(watch, true));
}

}  // namespace
}  // namespace tidemark::gateway
