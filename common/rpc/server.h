// The life of a service process: gRPC with health and reflection, the admin port, graceful drain.
//
//   rpc::BlockSignals();                          // first thing in main
//   EventLoops loops(2);
//   metrics::Registry registry;
//   rpc::ServiceProcess process(loops, registry, {.address = "127.0.0.1:50051"});
//   process.AddReadiness("postgres", [&] { return pool.healthy(); });
//   return process.Serve({&sync_service});        // until SIGTERM or SIGINT; then drains and returns 0
//
// Every call of every service is logged and measured (call_observer.h).
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
  // host:port of the gRPC server; port 0 takes a free one.
  std::string address = {};
  // What callers are spoken to by (tls.h).
  std::shared_ptr<grpc::ServerCredentials> credentials = grpc::InsecureServerCredentials();
  // host:port of /metrics, /livez, /readyz. Empty: DefaultAdminAddress(address).
  std::string admin_address = {};
  // At SIGTERM calls are taken as ever for this long, so that clients find a replica that has just begun, and
  // then for as long again while they are told to go there.
  absl::Duration handover = absl::ZeroDuration();
  // Calls under way after that may take this long.
  absl::Duration drain_grace = absl::Seconds(10);
  // Then a connection is asked to close: the caller looks the name up anew and finds replicas that have come
  // since. Streams go on. Infinite: never.
  absl::Duration connection_age = absl::Minutes(5);
};

// Blocks SIGTERM, SIGINT and SIGHUP for WaitForSignal and ignores SIGPIPE. Before any thread is started.
void BlockSignals();

// Waits for SIGTERM or SIGINT, and calls `on_hangup` at each SIGHUP until then. For processes without gRPC
// (the gateway).
void WaitForSignal(const std::function<void()>& on_hangup = nullptr);

// Serves /metrics, /livez and /readyz of a process. One per registry: it also shows there what is known of
// every process (metrics/process.h), and tidemark_ready{condition}.
class AdminServer {
 public:
  AdminServer(EventLoops& loops, metrics::Registry& registry, std::string address);
  ~AdminServer();
  // Each must hold for /readyz to answer 200; the body names those that do not. Asked at each /readyz, so it
  // is not to block. Before Start.
  void AddReadiness(std::string name, std::function<bool()> holds);
  // Logs why and returns false if the address cannot be listened on.
  bool Start();
  // The port that was bound.
  int port() const;
  // From now on /readyz answers 503.
  void TurnNotReady();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

class ServiceProcess {
 public:
  ServiceProcess(EventLoops& loops, metrics::Registry& registry, ServerOptions options);
  // Drains without grace what was started.
  ~ServiceProcess();
  // As AdminServer's.
  void AddReadiness(std::string name, std::function<bool()> holds);

  // Called at each drain after the handover, when no new calls are expected: ends calls that would not end by
  // themselves. Before Start.
  void AddDrain(std::function<void()> end_calls);

  // What Serve does at SIGHUP: reads again what can be changed while it serves. Without it SIGHUP does
  // nothing.
  void OnHangup(std::function<void()> reload);

  // Start, wait for a signal, Drain. Returns the process' exit code: 0 after a drain, 1 if an address cannot
  // be listened on.
  int Serve(const std::vector<grpc::Service*>& services);

  // The parts of Serve, for tests. `services` outlive the drain. gRPC's health service says SERVING from when
  // all that was required has held once until the drain (and /readyz, not before, 200): what is lost
  // meanwhile (a database) concerns some calls, not all.
  bool Start(const std::vector<grpc::Service*>& services);
  // Turns not-ready first, so that nobody sends new calls; after the handover waits for the calls under way,
  // at most drain_grace, and cancels the rest.
  void Drain();
  int port() const;
  int admin_port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// "127.0.0.1:50051" → "127.0.0.1:51051"; port 0 stays 0.
std::string DefaultAdminAddress(const std::string& address);

}  // namespace tidemark::rpc
