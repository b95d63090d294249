// tidemark-ratelimit: wires settings, Redis, engine and gRPC together.
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/async/event_loops.h"
#include "common/async/periodic.h"
#include "common/clock/clock.h"
#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/random/random.h"
#include "common/redis/client.h"
#include "common/redis/server_address.h"
#include "common/rpc/server.h"
#include "common/rpc/service_credential.h"
#include "common/rpc/tls.h"
#include "common/settings/settings.h"
#include "common/vitals/vitals.h"
#include "services/ratelimit/client/policies.h"
#include "services/ratelimit/engine/engine.h"
#include "services/ratelimit/storage/fallback_store.h"
#include "services/ratelimit/storage/memory_store.h"
#include "services/ratelimit/storage/redis_quota_store.h"
#include "services/ratelimit/storage/redis_store.h"
#include "services/ratelimit/transport/service.h"

namespace tidemark::ratelimit {
namespace {

// Leaves time to answer from memory before the caller gives up on us (GrpcLimiterOptions::timeout).
constexpr absl::Duration kRedisTimeout = absl::Milliseconds(150);

struct Settings {
  std::string address = "127.0.0.1:50053";
  std::string admin_address;
  std::string log_level = "info";
  int event_loops = 2;
  std::string redis_url = "redis://127.0.0.1:6379";
  std::string limits_file;
  // What limits_file holds.
  Limits limits;
  std::string service_token;
  rpc::TlsSettings tls;
  absl::Duration handover = absl::Milliseconds(500);
};

absl::Status Load(const std::string& path, Limits& limits) {
  absl::StatusOr<Limits> loaded = LoadLimits(path);
  if (loaded.ok()) limits = *std::move(loaded);
  return loaded.status();
}

std::optional<int> Parse(Settings& s, int argc, char** argv) {
  settings::Table table("tidemark-ratelimit", "Hands out the tokens that limit how often each user may ask.");
  table.Add("address", &s.address, "where to listen for gRPC, host:port");
  table.Add("admin-address", &s.admin_address,
            "where to serve /metrics, /livez and /readyz; empty: the port of address + 1000");
  table.Add("log-level", &s.log_level, "what to log").OneOf({"debug", "info", "warning", "error"});
  table.Add("event-loops", &s.event_loops, "threads that wait for the network").Range(1, 64);
  table.Add("redis-url", &s.redis_url, "where the buckets are kept, redis://[:password@]host:port[/database]")
      .Required()
      .Secret()
      .Check([](const std::string& url) { return redis::ParseServerAddress(url).status(); });
  table
      .Add("limits-file", &s.limits_file,
           "the policies and the day's budgets, a tidemark.v1.PolicySet as text; read again at SIGHUP")
      .Required()
      .Check([&s](const std::string& path) { return Load(path, s.limits); });
  rpc::AddServiceToken(table, s.service_token);
  rpc::AddServerTls(table, s.tls);
  table.Add("handover", &s.handover,
            "at SIGTERM: how long calls are taken as ever, and then for as long again while callers are told "
            "to go to other replicas");
  return table.Parse(argc, argv);
}

int CannotStart(const absl::Status& status) {
  log::Error("cannot_start", {{"status", status.ToString()}});
  return 1;
}

int Serve(const Settings& s) {
  if (s.service_token.empty() && !s.tls.accepts_certificates()) {
    log::Error("setting_missing", {{"name", "service-token"}});
    return 1;
  }
  SystemClock clock;
  SystemRandom random;
  metrics::Registry registry;
  EventLoops loops(s.event_loops);
  const absl::StatusOr<std::unique_ptr<rpc::Tls>> tls = rpc::Tls::Load(loops.Next(), s.tls);
  if (!tls.ok()) return CannotStart(tls.status());
  redis::Client redis(loops, {.url = s.redis_url, .command_timeout = kRedisTimeout, .metrics = &registry});

  RedisStore shared(redis);
  MemoryStore memory(clock);
  FallbackStore buckets(shared, memory);
  RedisQuotaStore quota(redis);
  Versioned<Limits> limits(s.limits);
  DecisionCounters counters(registry, s.limits.policies);
  Engine engine(limits, buckets, quota, counters, clock);
  Periodic ticker(
      loops.Next(), [] { return Engine::kDayReadEvery; },
      [&engine](const std::atomic<bool>&) { return engine.Tick(); });
  const rpc::ServiceCredential credential(s.service_token);
  Service service(loops, engine, credential);
  rpc::CarrierServer carrier(loops, registry, credential);
  service.CarryBy(carrier);

  vitals::Vitals vitals(loops, clock, random, {.name = "ratelimit", .credential = credential});
  vitals.Watch("redis", [&redis] { return redis.Answers(); });

  rpc::ServiceProcess process(loops, registry,
                              {.address = s.address,
                               .credentials = (*tls)->server_credentials(),
                               .admin_address = s.admin_address,
                               .handover = s.handover,
                               // All that is asked is carried, and carriers look names up by themselves.
                               .connection_age = absl::InfiniteDuration()});
  process.AddDrain([&carrier] { carrier.Close(); });
  process.OnHangup([&] {
    ReloadLimits(s.limits_file, limits);
    counters.Use(limits.Get().policies);
  });
  return process.Serve({&service, &carrier, &vitals.service()});
}

}  // namespace
}  // namespace tidemark::ratelimit

int main(int argc, char** argv) {
  tidemark::rpc::BlockSignals();
  tidemark::ratelimit::Settings settings;
  if (std::optional<int> exit_code = tidemark::ratelimit::Parse(settings, argc, argv)) return *exit_code;
  tidemark::log::Start("tidemark-ratelimit", settings.log_level);
  return tidemark::ratelimit::Serve(settings);
}
