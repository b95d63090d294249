// tidemark-echo-server: a gRPC server that answers a check at once, with the tag it was asked about. What it
// costs is the floor of a unary call with a check's messages; with --forward it asks another one first, the
// floor of two.
#include <grpcpp/grpcpp.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "common/rpc/client.h"
#include "common/settings/settings.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::bench {
namespace {

class Echo final : public v1::SyncService::CallbackService {
 public:
  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context, const v1::CheckRequest* request,
                                  v1::CheckResponse* response) override {
    response->set_not_modified(true);
    response->set_etag(request->if_none_match());
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

class Forwarder final : public v1::SyncService::CallbackService {
 public:
  explicit Forwarder(const std::string& address)
      : next_(v1::SyncService::NewStub(rpc::NewChannel(address))) {}

  grpc::ServerUnaryReactor* Check(grpc::CallbackServerContext* context, const v1::CheckRequest* request,
                                  v1::CheckResponse* response) override {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    auto call = std::make_unique<grpc::ClientContext>();
    grpc::ClientContext* started = call.get();
    next_->async()->Check(started, request, response,
                          [reactor, call = std::shared_ptr<grpc::ClientContext>(std::move(call))](
                              const grpc::Status& status) { reactor->Finish(status); });
    return reactor;
  }

 private:
  const std::unique_ptr<v1::SyncService::Stub> next_;
};

void WaitForSignal(const sigset_t& signals) {
  int received = 0;
  sigwait(&signals, &received);
}

int Serve(grpc::Service& service, const std::string& address) {
  // Blocked before gRPC starts threads, which inherit it: only WaitForSignal takes them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) {
    std::fprintf(stderr, "tidemark-echo-server: cannot listen on %s\n", address.c_str());
    return 1;
  }
  WaitForSignal(signals);
  server->Shutdown();
  return 0;
}

}  // namespace
}  // namespace tidemark::bench

int main(int argc, char** argv) {
  std::string address = "127.0.0.1:0";
  std::string forward;
  tidemark::settings::Table table("tidemark-echo-server",
                                  "Answers checks at once: the floor of a gRPC call.");
  table.Add("address", &address, "where to listen for gRPC, host:port").Required();
  table.Add("forward", &forward, "another echo server to ask first; empty: answer itself");
  if (std::optional<int> exit_code = table.Parse(argc, argv)) return *exit_code;
  if (!forward.empty()) {
    tidemark::bench::Forwarder forwarder(forward);
    return tidemark::bench::Serve(forwarder, address);
  }
  tidemark::bench::Echo echo;
  return tidemark::bench::Serve(echo, address);
}
