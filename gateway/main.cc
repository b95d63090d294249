// tidemark-gateway: settings → channels → backends → routes → server.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "common/http/server.h"
#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/random/random.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/rpc/service_credential.h"
#include "common/rpc/tls.h"
#include "common/vitals/vitals.h"
#include "gateway/backend/channel_watch.h"
#include "gateway/backend/grpc_auth_backend.h"
#include "gateway/backend/grpc_sync_backend.h"
#include "gateway/http/dispatcher.h"
#include "gateway/http/operators.h"
#include "gateway/http/static_files.h"
#include "gateway/http/traffic.h"
#include "gateway/routes/auth.h"
#include "gateway/routes/contract.h"
#include "gateway/routes/devices.h"
#include "gateway/routes/export.h"
#include "gateway/routes/health.h"
#include "gateway/routes/history.h"
#include "gateway/routes/jwks.h"
#include "gateway/routes/status.h"
#include "gateway/routes/stream.h"
#include "gateway/routes/sync.h"
#include "gateway/routes/sync_v1.h"
#include "gateway/routes/usage.h"
#include "gateway/routes/web.h"
#include "gateway/settings.h"

using namespace tidemark;           // NOLINT(google-build-using-namespace): nothing but wiring is here
using namespace tidemark::gateway;  // NOLINT(google-build-using-namespace)

namespace {

// Behind which there are many clients: tools and proxies beside us, and the proxies that are trusted.
bool IsShared(const std::vector<IpNetwork>& proxies, const std::string& address) {
  if (address == "::1" || address.starts_with("127.")) return true;
  const std::optional<IpAddress> parsed = ParseIpAddress(address);
  return parsed &&
         std::ranges::any_of(proxies, [&parsed](const IpNetwork& proxy) { return proxy.Contains(*parsed); });
}

http::ServerOptions HttpOptions(const GatewaySettings& settings, Dispatcher& dispatcher,
                                metrics::Registry& registry) {
  return {
      .address = settings.address,
      .body_bytes_max = static_cast<size_t>(settings.body_bytes_max),
      .connections_max = settings.connections_max,
      .connections_per_address_max = settings.connections_per_address_max,
      .is_shared_address =
          [&settings](const std::string& address) { return IsShared(settings.proxies, address); },
      .read_timeout = settings.read_timeout,
      .write_timeout = settings.write_timeout,
      .idle_timeout = settings.idle_timeout,
      .tls_certificate = settings.tls_certificate,
      .tls_key = settings.tls_key,
      .on_error = [&dispatcher](int status,
                                std::string_view detail) { return dispatcher.HandleError(status, detail); },
      .metrics = &registry};
}

HttpLimits LimitsOf(const GatewaySettings& settings) {
  return {.body_bytes_max = settings.body_bytes_max,
          .header_bytes_max = static_cast<int64_t>(http::ServerOptions().header_bytes_max)};
}

absl::StatusOr<StaticFiles> LoadWeb(const std::string& dir) {
  if (dir.empty()) return StaticFiles();
  return StaticFiles::Load(dir);
}

int Fail(const absl::Status& status) {
  log::Error("cannot_start", {{"status", status.ToString()}});
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  rpc::BlockSignals();
  GatewaySettings settings;
  if (std::optional<int> exit_code = ParseSettings(argc, argv, settings)) return *exit_code;
  log::Start("tidemark-gateway", settings.log_level);
  if (settings.service_token.empty() && !settings.tls.shows_certificate()) {
    return Fail(absl::InvalidArgumentError("service-token is missing"));
  }

  const absl::StatusOr<StaticFiles> web = LoadWeb(settings.web_dir);
  if (!web.ok()) return Fail(web.status());
  const StaticFiles contract = ContractFiles();
  const StaticFiles status_page = StatusFiles();

  const SystemClock clock;
  SystemRandom random;
  metrics::Registry registry;
  EventLoops loops(settings.event_loops);
  const absl::StatusOr<std::unique_ptr<rpc::Tls>> tls = rpc::Tls::Load(loops.Next(), settings.tls);
  if (!tls.ok()) return Fail(tls.status());
  const auto services = (*tls)->peer_credentials();
  const auto sync_channel = rpc::NewChannel(settings.sync_address, services);
  const auto auth_channel = rpc::NewChannel(settings.auth_address, services);
  ChannelWatch sync_watch(sync_channel);
  ChannelWatch auth_watch(auth_channel);
  const rpc::ServiceCredential credential(settings.service_token);
  GrpcSyncBackend sync(loops, sync_channel, rpc::ReplicasOf(settings.sync_address, services),
                       credential.shown());
  GrpcAuthBackend auth(auth_channel, credential.shown());

  metrics::Readings readings(registry);
  const auto show_dependency = [&readings](const std::string& name, const ChannelWatch& watch) {
    readings.Gauge("tidemark_dependency_up", "1 while a dependency answers, else 0.", {{"dependency", name}},
                   [&watch] { return watch.Reachable() ? 1.0 : 0.0; });
  };
  show_dependency("sync", sync_watch);
  show_dependency("auth", auth_watch);
  readings.Gauge("tidemark_carrier_calls_under_way", "Calls carried to another process and not answered.",
                 {{"to", "sync"}}, [&sync] { return static_cast<double>(sync.carried_under_way()); });
  vitals::Vitals vitals(loops, clock, random,
                        {.name = "gateway", .credential = credential, .credentials = services});
  vitals.WatchProcess("sync", settings.sync_address, vitals::Hears::kAll);
  vitals.WatchProcess("auth", settings.auth_address, vitals::Hears::kAll);
  const Operators operators(settings.operator_token);
  Traffic traffic(clock);

  rpc::AdminServer admin(loops, registry, settings.admin_address);
  Readiness readiness;
  const auto require = [&](const std::string& name, const std::function<bool()>& holds) {
    readiness.Require(name, holds);
    admin.AddReadiness(name, holds);
  };
  require("sync", [&] { return sync_watch.Reachable(); });
  // While auth is away, valid tokens keep working (SPEC 8): once reached, it is no reason to send work
  // elsewhere.
  require("auth", [&] { return auth_watch.WasReached(); });

  Router router;
  AddHealthRoutes(router, readiness);
  AddContractRoutes(router, contract);
  AddAuthRoutes(router, auth);
  AddJwksRoutes(router, auth);
  AddSyncRoutes(router, sync);
  AddStreamRoutes(router, sync);
  AddSyncV1Routes(router, sync);
  AddHistoryRoutes(router, sync);
  AddDevicesRoutes(router, sync);
  AddExportRoutes(router, sync, clock);
  AddUsageRoutes(router, sync, LimitsOf(settings));
  AddStatusRoutes(router, {operators, vitals, traffic, clock, status_page});
  AddWebRoutes(router, *web);
  Dispatcher dispatcher(router, registry,
                        {.call_timeout = settings.call_timeout,
                         .trusted_proxies = settings.proxies,
                         .cors = settings.cors,
                         .on_answered = [&traffic](std::string_view route, int status, auto took) {
                           traffic.Note(route, status, took);
                         }});

  if (!admin.Start()) return 1;
  http::Server server(loops, HttpOptions(settings, dispatcher, registry),
                      [&dispatcher](http::Request request) { return dispatcher.Handle(std::move(request)); });
  if (absl::Status listening = server.Start(); !listening.ok()) return Fail(listening);
  log::Info("listening", {{"address", settings.address}, {"admin_address", settings.admin_address}});

  rpc::WaitForSignal();
  readiness.Stop();
  admin.TurnNotReady();
  server.EndConnections();
  absl::SleepFor(settings.handover);
  server.Drain(settings.drain_grace);
  log::Info("stopped");
  return 0;
}
