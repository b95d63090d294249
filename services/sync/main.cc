// tidemark-sync: wires settings, PostgreSQL, Redis, auth, limits, engine and gRPC together.
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/pg/pool.h"
#include "common/random/random.h"
#include "common/redis/client.h"
#include "common/redis/server_address.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/rpc/service_credential.h"
#include "common/rpc/target.h"
#include "common/rpc/tls.h"
#include "common/settings/settings.h"
#include "common/vitals/hit_share.h"
#include "common/vitals/vitals.h"
#include "services/auth/client/jwks_token_verifier.h"
#include "services/auth/client/revocation_watch.h"
#include "services/auth/client/revoked_sessions.h"
#include "services/ratelimit/client/grpc_limiter.h"
#include "services/ratelimit/client/policies.h"
#include "services/ratelimit/client/quota.h"
#include "services/ratelimit/client/quota_metrics.h"
#include "services/ratelimit/client/quota_reporter.h"
#include "services/sync/engine/engine.h"
#include "services/sync/engine/purge.h"
#include "services/sync/maintenance.h"
#include "services/sync/storage/counted/counted_head_cache.h"
#include "services/sync/storage/metered/metered_head_cache.h"
#include "services/sync/storage/near/near_head_cache.h"
#include "services/sync/storage/postgres/postgres_store.h"
#include "services/sync/storage/postgres/statements.h"
#include "services/sync/storage/redis/redis_head_announcer.h"
#include "services/sync/storage/redis/redis_head_cache.h"
#include "services/sync/storage/redis/redis_user_counter.h"
#include "services/sync/transport/service.h"
#include "services/sync/vitals.h"

namespace tidemark::sync {
namespace {

// Seldom, so that it costs Redis nothing; a dashboard looks no oftener.
constexpr absl::Duration kUsersReportedEvery = absl::Seconds(30);

struct Settings {
  std::string address = "127.0.0.1:50051";
  std::string admin_address;
  std::string log_level = "info";
  int event_loops = 2;
  std::string postgres_url;
  std::string postgres_owner_url;
  int postgres_connections = 4;
  std::string redis_url = "redis://127.0.0.1:6379";
  absl::Duration head_ttl = absl::Hours(24);
  int near_cache = 0;
  std::string auth_address = "127.0.0.1:50052";
  std::string ratelimit_address = "127.0.0.1:50053";
  std::string limits_file;
  // What limits_file holds.
  ratelimit::Limits limits;
  auth::TokenVerifierOptions tokens;
  std::string service_token;
  rpc::TlsSettings tls;
  absl::Duration handover = absl::Milliseconds(500);
  absl::Duration purge_interval = absl::Hours(1);
  bool migrate = false;
  bool new_epoch = false;
  bool purge = false;
};

absl::Status LoadLimits(const std::string& path, ratelimit::Limits& limits) {
  absl::StatusOr<ratelimit::Limits> loaded = ratelimit::LoadLimits(path);
  if (loaded.ok()) limits = *std::move(loaded);
  return loaded.status();
}

std::optional<int> Parse(Settings& s, int argc, char** argv) {
  settings::Table table("tidemark-sync", "Keeps the tasks of all users, and their devices in step.");
  table.Add("address", &s.address, "where to listen for gRPC, host:port");
  table.Add("admin-address", &s.admin_address,
            "where to serve /metrics, /livez and /readyz; empty: the port of address + 1000");
  table.Add("log-level", &s.log_level, "what to log").OneOf({"debug", "info", "warning", "error"});
  table.Add("event-loops", &s.event_loops, "threads that wait for the network").Range(1, 64);
  table.Add("postgres-url", &s.postgres_url, "where the tasks are kept, as the serving role").Secret();
  table
      .Add("postgres-owner-url", &s.postgres_owner_url,
           "the same as the owner, for --migrate and --new-epoch")
      .Secret();
  table
      .Add("postgres-connections", &s.postgres_connections,
           "how many transactions run at once; pushes that wait share one, so about twice PostgreSQL's cores "
           "do")
      .Range(1, 500);
  table.Add("redis-url", &s.redis_url, "where heads are cached").Secret().Check([](const std::string& url) {
    return redis::ParseServerAddress(url).status();
  });
  table.Add("head-ttl", &s.head_ttl, "how long a head is cached");
  table
      .Add("near-cache", &s.near_cache,
           "for how many milliseconds a head is also kept in this process; 0: no 304 is ever stale")
      .Range(0, 60'000);
  table
      .Add("auth-address", &s.auth_address,
           "the auth service, for its public keys; host:port, or several parted by commas")
      .Check(rpc::CheckTarget);
  table.Add("issuer", &s.tokens.issuer, "`iss` of access tokens, as the auth service's setting");
  table.Add("audience", &s.tokens.audience, "`aud` of access tokens, as the auth service's setting");
  table
      .Add("ratelimit-address", &s.ratelimit_address,
           "the rate limit service; host:port, or several parted by commas")
      .Check(rpc::CheckTarget);
  table
      .Add("limits-file", &s.limits_file,
           "the rate limit service's: policies for when it is away, and the day's budgets; read again at "
           "SIGHUP")
      .Check([&s](const std::string& path) { return LoadLimits(path, s.limits); });
  rpc::AddServiceToken(table, s.service_token);
  rpc::AddServerTls(table, s.tls);
  rpc::AddPeerTls(table, s.tls);
  table.Add("handover", &s.handover,
            "at SIGTERM: how long calls are taken as ever, and then for as long again while callers are told "
            "to go to other replicas");
  table.Add("purge-interval", &s.purge_interval,
            "about how often what is kept no longer is removed; 0: never");
  table.Add("migrate", &s.migrate, "bring the schema up to date and exit");
  table.Add("new-epoch", &s.new_epoch, "after a restore from a backup: start a new epoch and exit");
  table.Add("purge", &s.purge, "remove what is kept no longer and exit");
  return table.Parse(argc, argv);
}

CacheMeter MeterOf(ratelimit::Quota& quota) {
  using ratelimit::Resource;
  return {.is_off = [&quota] { return quota.CacheIsOff(); },
          .count_read = [&quota] { quota.Count(Resource::kCacheReads); },
          .count_write = [&quota] { quota.Count(Resource::kCacheWrites); }};
}

// What serving needs beside what --migrate needs; nothing if all is there.
std::optional<std::string> MissingSetting(const Settings& s) {
  if (s.postgres_url.empty()) return "postgres-url";
  if (s.limits_file.empty()) return "limits-file";
  if (s.service_token.empty() && !(s.tls.accepts_certificates() && s.tls.shows_certificate())) {
    return "service-token";
  }
  return std::nullopt;
}

Task<void> Tick(Engine& engine, auth::RevokedSessions& revoked, const Clock& clock) {
  revoked.ForgetExpired(clock.Now());
  engine.EndWatchesOf([&revoked](const SessionId& session) { return revoked.Contains(session); });
  return engine.Tick();
}

int CannotStart(const absl::Status& status) {
  log::Error("cannot_start", {{"status", status.ToString()}});
  return 1;
}

int Serve(const Settings& s) {
  if (std::optional<std::string> missing = MissingSetting(s)) {
    log::Error("setting_missing", {{"name", *missing}});
    return 1;
  }
  SystemClock clock;
  SystemRandom random;
  metrics::Registry registry;
  EventLoops loops(s.event_loops);
  const absl::StatusOr<std::unique_ptr<rpc::Tls>> tls = rpc::Tls::Load(loops.Next(), s.tls);
  if (!tls.ok()) return CannotStart(tls.status());
  const auto peers = (*tls)->peer_credentials();
  Versioned<ratelimit::Limits> limits(s.limits);
  ratelimit::Quota quota(limits, clock);
  pg::Pool postgres({.url = s.postgres_url,
                     .connections = s.postgres_connections,
                     .statements = Statements(),
                     .on_statements = ratelimit::CountStatements(quota),
                     .metrics = &registry});
  redis::Client redis(loops, {.url = s.redis_url, .metrics = &registry});

  PostgresStore store(postgres);
  RedisHeadCache cache(redis, random, registry, {.time_to_live = s.head_ttl});
  MeteredHeadCache metered(cache, MeterOf(quota));
  CacheShares shares{.redis = vitals::HitShare(clock), .all = vitals::HitShare(clock)};
  CountedHeadCache counted(metered, shares.redis);
  RedisHeadAnnouncer announcer(loops.Next(), redis, {.url = s.redis_url});
  const rpc::ServiceCredential credential(s.service_token);
  ratelimit::GrpcLimiter limiter(
      loops, {.address = s.ratelimit_address, .service_token = credential.shown(), .credentials = peers},
      limits, clock, registry);
  ratelimit::QuotaReporting reporting(loops.Next(), quota, clock, random, ratelimit::ReportTo(limiter));
  const auto auth_channel = rpc::NewChannel(s.auth_address, peers);
  auth::RevokedSessions revoked;
  auth::RevocationWatch revocations(loops.Next(), auth_channel, credential.shown(), revoked);
  auth::TokenVerifierOptions tokens = s.tokens;
  tokens.revoked = &revoked;
  auth::JwksTokenVerifier verifier(loops, auth_channel, clock, tokens);
  std::optional<NearHeadCache> near;
  std::optional<CountedHeadCache> counted_near;
  if (s.near_cache > 0) {
    near.emplace(counted, announcer, clock, absl::Milliseconds(s.near_cache), registry);
    counted_near.emplace(*near, shares.all);
  }
  HeadCache& heads = near ? static_cast<HeadCache&>(*counted_near) : counted;
  HeadAnnouncer& announcements = near ? static_cast<HeadAnnouncer&>(*near) : announcer;
  ActiveUsers users(clock);
  RedisUserCounter user_counter(redis);
  Periodic user_reports(
      loops.Next(),
      [begun = false]() mutable {
        return std::exchange(begun, true) ? kUsersReportedEvery : absl::Seconds(1);
      },
      [&users, &user_counter](const std::atomic<bool>&) { return users.Report(user_counter); });
  SyncMetrics sync_metrics(registry, users);
  Engine engine(store, heads, announcements, limiter, quota, sync_metrics, clock, Sleep,
                [&store] { return store.load(); });
  Periodic ticker(
      loops.Next(), [] { return absl::Seconds(1); },
      [&engine, &revoked, &clock](const std::atomic<bool>&) { return Tick(engine, revoked, clock); });
  Service service(loops, verifier, engine, credential);
  rpc::CarrierServer carrier(loops, registry, credential);
  service.CarryBy(carrier);

  metrics::Readings readings(registry);
  store.Show(readings);
  engine.Show(readings);
  users.Show(readings);
  ratelimit::ShowQuota(quota, readings);
  vitals::Vitals vitals(loops, clock, random,
                        {.name = "sync", .credential = credential, .credentials = peers});
  vitals.Watch("postgres", [&postgres] { return postgres.healthy(); });
  vitals.Watch("redis", [&redis] { return redis.Answers(); });
  vitals.WatchProcess("ratelimit", s.ratelimit_address, vitals::Hears::kAll);
  vitals.WatchProcess("auth", s.auth_address, vitals::Hears::kNothing);
  vitals.Watch("auth_keys", [&verifier] { return verifier.HasKeys(); });
  vitals.Tell(
      [&](v1::GetStatusResponse& status) { TellDay(quota.Look(), shares, near.has_value(), status); });

  rpc::ServiceProcess process(loops, registry,
                              {.address = s.address,
                               .credentials = (*tls)->server_credentials(),
                               .admin_address = s.admin_address,
                               .handover = s.handover});
  process.AddReadiness("postgres", [&postgres] { return postgres.healthy(); });
  process.AddReadiness("revocations", [&revocations] { return revocations.knows_all(); });
  process.OnHangup([&] { ratelimit::ReloadLimits(s.limits_file, limits); });
  process.AddDrain([&engine] { engine.EndWatches(); });
  process.AddDrain([&carrier] { carrier.Close(); });
  Purger purger(store, clock);
  std::optional<Periodic> purging;
  if (s.purge_interval > absl::ZeroDuration()) {
    purging.emplace(loops.Next(), PurgePause(s.purge_interval, random), PurgeBody(purger));
  }
  return process.Serve({&service, &carrier, &vitals.service()});
}

int Run(const Settings& s) {
  if (s.migrate) return MigrateSchema(s.postgres_owner_url);
  if (s.new_epoch) return BeginNewEpoch(s.postgres_owner_url);
  return s.purge ? PurgeOnce(s.postgres_url) : Serve(s);
}

}  // namespace
}  // namespace tidemark::sync

int main(int argc, char** argv) {
  tidemark::rpc::BlockSignals();
  tidemark::sync::Settings settings;
  if (std::optional<int> exit_code = tidemark::sync::Parse(settings, argc, argv)) return *exit_code;
  tidemark::log::Start("tidemark-sync", settings.log_level);
  return tidemark::sync::Run(settings);
}
