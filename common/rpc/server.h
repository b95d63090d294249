// The life of a service process: gRPC with health and reflection, the admin port, graceful drain.
//
//   rpc::ServerOptions options{.address = "127.0.0.1:50051", .admin_address = "127.0.0.1:51051"};
//   rpc::ServiceProcess process(loops, registry, options);
//   process.AddReadiness("postgres", [&] { return pool.healthy(); });
//   return process.Serve({&sync_service});       // until SIGTERM or SIGINT; then drains and returns 0
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/async/event_loops.h"
#include "common/metrics/metrics.h"

namespace tidemark::rpc {

struct ServerOptions {
  // host:port of the gRPC server.
  std::string address;
  // host:port of /metrics, /livez, /readyz. Empty: the gRPC port + 1000 on the same host.
  std::string admin_address;
  // Calls under way at SIGTERM may take this long.
  absl::Duration drain_grace = absl::Seconds(10);
};

// Block SIGTERM, SIGINT (and ignore SIGPIPE) before any thread is started: first thing in main.
void BlockSignals();

// Waits for SIGTERM or SIGINT. For processes without gRPC (the gateway).
void WaitForSignal();

// Serves /metrics, /livez and /readyz of a process. `ready` is asked at each /readyz and is not to block.
class AdminServer {
 public:
  AdminServer(EventLoops& loops, const metrics::Registry& registry, std::string address);
  ~AdminServer();
  // Each must hold for /readyz to answer 200; the body names those that do not.
  void AddReadiness(std::string name, std::function<bool()> holds);
  // Prints why and returns false if the address is taken.
  bool Start();
  // From now on /readyz answers 503.
  void TurnNotReady();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class ServiceProcess {
 public:
  ServiceProcess(EventLoops& loops, const metrics::Registry& registry, ServerOptions options);
  ~ServiceProcess();
  void AddReadiness(std::string name, std::function<bool()> holds);
  // Returns the process' exit code: 0 after a drain, 1 if an address is taken.
  int Serve(const std::vector<grpc::Service*>& services);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// "127.0.0.1:50051" → "127.0.0.1:51051".
std::string DefaultAdminAddress(const std::string& address);

}  // namespace tidemark::rpc
