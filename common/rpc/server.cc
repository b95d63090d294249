#include "common/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <climits>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/async/periodic.h"
#include "common/log/log.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/grpc_setup.h"
#include "common/rpc/limits.h"

namespace tidemark::rpc {
namespace {

constexpr int kAdminPortOffset = 1000;
// Between two looks of a process that begins whether it has what it needs.
constexpr absl::Duration kLook = absl::Milliseconds(20);
// gRPC's infinity.
constexpr absl::Duration kConnectionAgeMax = absl::Milliseconds(INT_MAX);

void SetLimits(grpc::ServerBuilder& builder, const ServerOptions& options) {
  builder.SetMaxReceiveMessageSize(kMessageBytesMax);
  builder.SetMaxSendMessageSize(kMessageBytesMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, kMetadataBytesMax);
  // A second process on the same address is to be told so, instead of taking half of the connections.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // A client that vanished without a word is not to keep its streams.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kServerKeepaliveMillis);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kServerKeepaliveTimeoutMillis);
  const absl::Duration age = std::min(options.connection_age, kConnectionAgeMax);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             static_cast<int>(absl::ToInt64Milliseconds(age)));
  // Our clients ask every kKeepaliveMillis whether we are still there, with and without calls under way.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kKeepaliveMillis / 2);
}

std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> Observers(
    metrics::Registry& registry) {
  std::vector<std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface>> observers;
  observers.push_back(NewCallObserver(registry));
  return observers;
}

}  // namespace

struct ServiceProcess::Impl {
  Impl(EventLoops& event_loops, metrics::Registry& metrics_registry, const ServerOptions& server_options)
      : loops(event_loops),
        registry(metrics_registry),
        options(server_options),
        admin(loops, registry,
              options.admin_address.empty() ? DefaultAdminAddress(options.address) : options.admin_address) {}

  bool HasWhatItNeeds() const {
    return std::ranges::all_of(conditions, [](const std::function<bool()>& holds) { return holds(); });
  }
  bool Listen(const std::vector<grpc::Service*>& services);
  void ServeWhenReady();
  void Drain(absl::Duration handover, absl::Duration grace);

  EventLoops& loops;
  metrics::Registry& registry;
  const ServerOptions options;
  // Callers were told by gRPC's health service that it serves. Before `admin`, which asks it until it is
  // gone.
  std::atomic<bool> told{false};
  AdminServer admin;
  std::vector<std::function<bool()>> conditions;
  std::vector<std::function<void()>> drains;
  std::function<void()> on_hangup;
  std::unique_ptr<grpc::Server> server;
  std::optional<Periodic> beginning;
  int port = 0;
};

bool ServiceProcess::Impl::Listen(const std::vector<grpc::Service*>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  SetLimits(builder, options);
  builder.experimental().SetInterceptorCreators(Observers(registry));
  builder.AddListeningPort(options.address, options.credentials, &port);
  for (grpc::Service* service : services) builder.RegisterService(service);
  server = builder.BuildAndStart();
  if (server == nullptr) {
    log::Error("listen_failed", {{"address", options.address}});
    return false;
  }
  // gRPC would have it that it serves.
  server->GetHealthCheckService()->SetServingStatus(false);
  return true;
}

// Until then those who call other replicas, too, go on to do so: what would be asked of this one would wait
// for its database, or be let in by a session that it does not know to be over.
void ServiceProcess::Impl::ServeWhenReady() {
  grpc::HealthCheckServiceInterface& health = *server->GetHealthCheckService();
  const auto look = [this, &health] {
    if (told || !HasWhatItNeeds()) return;
    health.SetServingStatus(true);
    told = true;
  };
  look();
  if (told) return;
  // Once it serves there is nothing more to look for.
  beginning.emplace(
      loops.Next(), [this] { return told ? absl::Hours(24) : kLook; },
      [look](const std::atomic<bool>&) -> Task<void> {
        look();
        co_return;
      });
}

void ServiceProcess::Impl::Drain(absl::Duration handover, absl::Duration grace) {
  if (server == nullptr) return;
  beginning.reset();
  admin.TurnNotReady();
  absl::SleepFor(handover);
  server->GetHealthCheckService()->SetServingStatus(false);
  absl::SleepFor(handover);
  for (const std::function<void()>& end_calls : drains) end_calls();
  server->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(grace));
  server.reset();
}

ServiceProcess::ServiceProcess(EventLoops& loops, metrics::Registry& registry, ServerOptions options)
    : impl_(std::make_unique<Impl>(loops, registry, options)) {
  SetUpGrpc();
}

ServiceProcess::~ServiceProcess() { impl_->Drain(absl::ZeroDuration(), absl::ZeroDuration()); }

void ServiceProcess::AddReadiness(std::string name, std::function<bool()> holds) {
  impl_->conditions.push_back(holds);
  impl_->admin.AddReadiness(std::move(name), std::move(holds));
}

void ServiceProcess::AddDrain(std::function<void()> end_calls) {
  impl_->drains.push_back(std::move(end_calls));
}

void ServiceProcess::OnHangup(std::function<void()> reload) { impl_->on_hangup = std::move(reload); }

bool ServiceProcess::Start(const std::vector<grpc::Service*>& services) {
  // Else whoever has seen it ready and calls at once might hear that it does not serve yet.
  impl_->admin.AddReadiness("health", [this] { return impl_->told.load(); });
  if (!impl_->Listen(services) || !impl_->admin.Start()) return false;
  impl_->ServeWhenReady();
  log::Info("listening",
            {{"address", impl_->options.address}, {"port", port()}, {"admin_port", admin_port()}});
  return true;
}

int ServiceProcess::Serve(const std::vector<grpc::Service*>& services) {
  if (!Start(services)) return 1;
  WaitForSignal(impl_->on_hangup);
  Drain();
  log::Info("stopped");
  return 0;
}

void ServiceProcess::Drain() { impl_->Drain(impl_->options.handover, impl_->options.drain_grace); }

int ServiceProcess::port() const { return impl_->port; }
int ServiceProcess::admin_port() const { return impl_->admin.port(); }

std::string DefaultAdminAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  // What is no address stays as it is, for the listener to complain about.
  if (colon == std::string::npos || !absl::SimpleAtoi(address.substr(colon + 1), &port)) return address;
  return absl::StrCat(address.substr(0, colon + 1), port == 0 ? 0 : port + kAdminPortOffset);
}

}  // namespace tidemark::rpc
