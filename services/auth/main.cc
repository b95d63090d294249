// tidemark-auth: wires settings, PostgreSQL, limits, keys, engine and gRPC together.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/async/event_loops.h"
#include "common/async/periodic.h"
#include "common/clock/clock.h"
#include "common/log/log.h"
#include "common/metrics/metrics.h"
#include "common/net/client_address.h"
#include "common/pg/pool.h"
#include "common/random/random.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/rpc/service_credential.h"
#include "common/rpc/target.h"
#include "common/rpc/tls.h"
#include "common/settings/settings.h"
#include "common/vitals/vitals.h"
#include "services/auth/engine/engine.h"
#include "services/auth/engine/key_ring.h"
#include "services/auth/engine/password_hasher.h"
#include "services/auth/engine/revocation_feed.h"
#include "services/auth/maintenance.h"
#include "services/auth/storage/postgres_store.h"
#include "services/auth/transport/grpc_task_eraser.h"
#include "services/auth/transport/service.h"
#include "services/ratelimit/client/grpc_limiter.h"
#include "services/ratelimit/client/policies.h"
#include "services/ratelimit/client/quota.h"
#include "services/ratelimit/client/quota_metrics.h"
#include "services/ratelimit/client/quota_reporter.h"

namespace tidemark::auth {
namespace {

// Calls to auth are not carried, so a new connection alone finds a new replica of a name. They are few.
constexpr absl::Duration kConnectionAge = absl::Seconds(15);

struct Settings {
  std::string address = "127.0.0.1:50052";
  std::string admin_address;
  std::string log_level = "info";
  int event_loops = 2;
  std::string postgres_url;
  std::string postgres_owner_url;
  int postgres_connections = 8;
  std::string sync_address = "127.0.0.1:50051";
  std::string ratelimit_address = "127.0.0.1:50053";
  std::string limits_file;
  // What limits_file holds.
  ratelimit::Limits limits;
  std::string service_token;
  rpc::TlsSettings tls;
  std::string trusted_proxies;
  // What trusted_proxies names.
  std::vector<IpNetwork> proxies;
  absl::Duration handover = absl::Milliseconds(500);
  std::string master_key;
  // What master_key spells; one at least once it is checked.
  SecretKeys masters;
  Policy policy;
  bool migrate = false;
  bool rotate_keys = false;
  // Whose password is to be reset; empty: nobody's.
  std::string reset_password;
};

absl::Status LoadLimits(const std::string& path, ratelimit::Limits& limits) {
  absl::StatusOr<ratelimit::Limits> loaded = ratelimit::LoadLimits(path);
  if (loaded.ok()) limits = *std::move(loaded);
  return loaded.status();
}

absl::Status ReadMasterKeys(const std::string& list, SecretKeys& masters) {
  std::optional<SecretKeys> keys = ParseSecretKeys(list);
  if (!keys.has_value()) {
    return absl::InvalidArgumentError(
        "64 hexadecimal digits are needed, or several times that, parted by commas");
  }
  masters = *std::move(keys);
  return absl::OkStatus();
}

absl::Status ReadProxies(const std::string& text, std::vector<IpNetwork>& proxies) {
  absl::StatusOr<std::vector<IpNetwork>> parsed = ParseProxies(text);
  if (parsed.ok()) proxies = *std::move(parsed);
  return parsed.status();
}

std::optional<int> Parse(Settings& s, int argc, char** argv) {
  settings::Table table("tidemark-auth", "Knows people's accounts, and gives out the tokens they act with.");
  table.Add("address", &s.address, "where to listen for gRPC, host:port");
  table.Add("admin-address", &s.admin_address,
            "where to serve /metrics, /livez and /readyz; empty: the port of address + 1000");
  table.Add("log-level", &s.log_level, "what to log").OneOf({"debug", "info", "warning", "error"});
  table.Add("event-loops", &s.event_loops, "threads that wait for the network").Range(1, 64);
  table.Add("postgres-url", &s.postgres_url, "where accounts are kept, as the serving role").Secret();
  table.Add("postgres-owner-url", &s.postgres_owner_url, "the same as the owner, for --migrate").Secret();
  table.Add("postgres-connections", &s.postgres_connections, "how many transactions run at once")
      .Range(1, 500);
  table
      .Add("sync-address", &s.sync_address,
           "the sync service, for the tasks of accounts that are deleted; host:port, or several parted by "
           "commas")
      .Check(rpc::CheckTarget);
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
  table
      .Add("trusted-proxies", &s.trusted_proxies,
           "whose x-forwarded-for is believed, beside the services': addresses or networks, parted by "
           "commas; empty: nobody's")
      .Check([&s](const std::string& text) { return ReadProxies(text, s.proxies); });
  table.Add("handover", &s.handover,
            "at SIGTERM: how long calls are taken as ever, and then for as long again while callers are told "
            "to go to other replicas");
  table
      .Add("master-key", &s.master_key,
           "seals signing keys and derives refresh tokens; 64 hexadecimal digits; several may be given, "
           "parted by "
           "commas: the first is made use of, and what was made with any of them counts")
      .Secret()
      .Check([&s](const std::string& list) { return ReadMasterKeys(list, s.masters); });
  table.Add("issuer", &s.policy.scope.issuer, "`iss` of access tokens");
  table.Add("audience", &s.policy.scope.audience, "`aud` of access tokens");
  table.Add("access-token-lifetime", &s.policy.access_token_lifetime, "how long an access token is good");
  table.Add("refresh-token-lifetime", &s.policy.refresh_token_lifetime, "how long a session may lie unused");
  table.Add("password-length-min", &s.policy.password_length_min, "characters of a new password")
      .Range(1, kPasswordLengthMax);
  table.Add("migrate", &s.migrate, "bring the schema up to date and exit");
  table.Add("rotate-keys", &s.rotate_keys, "make a signing key that takes over in a minute, and exit");
  table.Add(
      "reset-password", &s.reset_password,
      "the e-mail address of an account that gets a new password and loses its sessions: from the first "
      "line of standard input, or where that is empty one is made and printed; and exit");
  return table.Parse(argc, argv);
}

// False: the stored keys can never be read with these settings. A database that is merely away may come back.
bool ReadKeys(EventLoops& loops, KeyRing& keys) {
  const absl::Status read = RunBlocking<absl::Status>(loops.Next(), [&keys] { return keys.Read(); });
  if (!read.ok()) log::Error("signing_keys_not_read", {{"status", read.ToString()}});
  return !absl::IsFailedPrecondition(read);
}

// What serving needs beside what --migrate needs; nothing if all is there.
std::optional<std::string> MissingSetting(const Settings& s) {
  if (s.postgres_url.empty()) return "postgres-url";
  if (s.limits_file.empty()) return "limits-file";
  if (s.master_key.empty()) return "master-key";
  if (s.service_token.empty() && !(s.tls.accepts_certificates() && s.tls.shows_certificate())) {
    return "service-token";
  }
  return std::nullopt;
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
  PostgresAccountStore accounts(postgres);
  PostgresKeyStore key_store(postgres);
  const rpc::ServiceCredential credential(s.service_token);
  ratelimit::GrpcLimiter limiter(
      loops, {.address = s.ratelimit_address, .service_token = credential.shown(), .credentials = peers},
      limits, clock, registry);
  ratelimit::QuotaReporting reporting(loops.Next(), quota, clock, random, ratelimit::ReportTo(limiter));
  Argon2idHasher hasher;
  KeyRing keys(key_store, clock, random, DeriveKeys(s.masters, KeyPurpose::kSealSigningKeys),
               s.policy.access_token_lifetime);
  if (!ReadKeys(loops, keys)) return 1;
  // Where the database was away.
  Periodic reading_keys(
      loops.Next(), [&keys] { return keys.HasKeys() ? absl::Hours(24) : absl::Seconds(1); },
      [&keys](const std::atomic<bool>&) -> Task<void> {
        if (!keys.HasKeys()) (void)co_await keys.Signer(Origin());
      });

  RevocationFeed revocations(accounts, clock, Sleep, s.policy.access_token_lifetime);
  Periodic refreshing(
      loops.Next(), [begun = false]() mutable { return absl::Seconds(std::exchange(begun, true) ? 1 : 0); },
      [&revocations](const std::atomic<bool>&) { return revocations.Refresh(); });
  GrpcTaskEraser tasks(rpc::NewChannel(s.sync_address, peers), credential.shown());

  Engine engine({.accounts = accounts,
                 .keys = keys,
                 .revocations = revocations,
                 .hasher = hasher,
                 .tasks = tasks,
                 .limiter = limiter,
                 .quota = quota,
                 .clock = clock,
                 .random = random,
                 .successor_keys = DeriveKeys(s.masters, KeyPurpose::kDeriveRefreshSuccessors),
                 .network_key = DeriveKey(s.masters.front(), KeyPurpose::kHashNetworks)},
                s.policy);
  Service service(loops, engine, revocations, credential, s.proxies);

  metrics::Readings readings(registry);
  ratelimit::ShowQuota(quota, readings);
  hasher.Show(readings);
  revocations.Show(readings);
  vitals::Vitals vitals(loops, clock, random,
                        {.name = "auth", .credential = credential, .credentials = peers});
  vitals.Watch("postgres", [&postgres] { return postgres.healthy(); });
  vitals.WatchProcess("ratelimit", s.ratelimit_address, vitals::Hears::kAll);
  vitals.WatchProcess("sync", s.sync_address, vitals::Hears::kNothing);

  rpc::ServiceProcess process(loops, registry,
                              {.address = s.address,
                               .credentials = (*tls)->server_credentials(),
                               .admin_address = s.admin_address,
                               .handover = s.handover,
                               .connection_age = kConnectionAge});
  process.OnHangup([&] { ratelimit::ReloadLimits(s.limits_file, limits); });
  process.AddReadiness("postgres", [&postgres] { return postgres.healthy(); });
  process.AddReadiness("signing_keys", [&keys] { return keys.HasKeys(); });
  process.AddDrain([&revocations] { revocations.Close(); });
  return process.Serve({&service, &vitals.service()});
}

int Fail(const std::string& missing) {
  log::Error("setting_missing", {{"name", missing}});
  return 1;
}

int Run(const Settings& s) {
  if (s.migrate) return MigrateSchema(s.postgres_owner_url);
  const bool is_command = s.rotate_keys || !s.reset_password.empty();
  if (is_command && s.postgres_url.empty()) return Fail("postgres-url");
  if (!s.reset_password.empty()) {
    return ResetPassword(s.postgres_url, s.reset_password, s.policy.password_length_min);
  }
  if (s.rotate_keys && s.master_key.empty()) return Fail("master-key");
  return s.rotate_keys ? RotateKeys(s.postgres_url, s.masters, s.policy.access_token_lifetime) : Serve(s);
}

}  // namespace
}  // namespace tidemark::auth

int main(int argc, char** argv) {
  tidemark::rpc::BlockSignals();
  tidemark::auth::Settings settings;
  if (std::optional<int> exit_code = tidemark::auth::Parse(settings, argc, argv)) return *exit_code;
  tidemark::log::Start("tidemark-auth", settings.log_level);
  return tidemark::auth::Run(settings);
}
