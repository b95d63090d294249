#include "bench/fleet_day/services.h"

#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "bench/users/failed.h"
#include "common/status/error.h"
#include "services/auth/client/key_source.h"
#include "services/auth/domain/crypto.h"
#include "services/ratelimit/client/policies.h"
#include "services/sync/engine/purge.h"
#include "services/sync/storage/postgres/statements.h"

namespace tidemark::fleet {
namespace {

using bench::Failed;

// Nothing is to depend on how busy the machine is: all waits are longer than any stall.
constexpr absl::Duration kPatience = absl::Minutes(2);
// Longer than a run takes; what is over before is over by VirtualHeadCache.
constexpr absl::Duration kKeptByRedis = absl::Hours(24);

// Nobody has anything to keep from anybody here.
auth::SecretKey KeyFor(auth::KeyPurpose purpose) { return auth::DeriveKey(auth::SecretKey(), purpose); }

ratelimit::Limits Load(const std::string& path) {
  absl::StatusOr<ratelimit::Limits> limits = ratelimit::LoadLimits(path);
  if (!limits.ok()) throw Failed(std::string(limits.status().message()));
  return *std::move(limits);
}

pg::PoolOptions OneConnection(const std::string& url, std::vector<pg::Statement> statements) {
  return {.url = url,
          .connections = 1,
          .read_wait_max = kPatience,
          .statement_timeout = kPatience,
          .connect_timeout = kPatience,
          .statements = std::move(statements)};
}

pg::PoolOptions Counted(pg::PoolOptions options, std::function<void(int reads, int writes)> on_statements) {
  options.on_statements = std::move(on_statements);
  return options;
}

void Await(const char* what, const std::function<bool()>& is_there) {
  constexpr int kTries = 3'000;
  for (int i = 0; i < kTries; ++i) {
    if (is_there()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  throw Failed(absl::StrCat("fleet: ", what, " does not answer"));
}

// No account of the fleet is deleted.
class NoEraser : public auth::TaskEraser {
 public:
  Task<absl::Status> Erase(UserId, Origin) override {
    co_return Error(Code::kNotImplemented, "nobody erases anything here");
  }
};

class KeysOfEngine : public auth::KeySource {
 public:
  explicit KeysOfEngine(auth::Engine& engine) : engine_(engine) {}
  Task<absl::StatusOr<std::vector<auth::PublicKey>>> Fetch(Origin origin) override {
    return engine_.GetJwks(std::move(origin));
  }

 private:
  auth::Engine& engine_;
};

}  // namespace

void MoveTo(ManualClock& clock, UnixMillis time) { clock.AdvanceMillis(time.value - clock.Now().value); }

// ---- the day's quota

CountedQuota::CountedQuota(std::string name, const Versioned<ratelimit::Limits>& limits,
                           const ManualClock& clock, ratelimit::Engine& ratelimit)
    : quota_(limits, clock),
      reporter_(
          quota_, clock, std::move(name),
          [this, &clock, &ratelimit](ratelimit::QuotaReport report) -> Task<absl::StatusOr<ratelimit::Day>> {
            for (const ratelimit::Resource resource : ratelimit::kResources) {
              told_[resource] += report.counts[resource];
            }
            ratelimit::ReportCommand command{.report = std::move(report), .now = clock.Now()};
            const absl::StatusOr<ratelimit::Reported> reported =
                co_await ratelimit.Report(std::move(command));
            if (!reported.ok()) co_return reported.status();
            co_return reported->day;
          }) {}

// ---- what replicas share

Services::Services(const Scenario& scenario, const ServicesOptions& options)
    : scenario_(scenario),
      options_(options),
      clock_(options.begins_at),
      limits_(Load(scenario.limits_file)),
      redis_(loops_, {.url = options.redis_url, .command_timeout = kPatience}),
      decisions_(registry_, limits_.Get().policies),
      ratelimit_(limits_, buckets_, day_, decisions_, clock_),
      sync_quota_("sync", limits_, clock_, ratelimit_),
      auth_quota_("auth", limits_, clock_, ratelimit_),
      purge_connection_(
          Counted(OneConnection(options.postgres_url, sync::Statements()),
                  [this, count = ratelimit::CountStatements(sync_quota_.quota())](int reads, int writes) {
                    purge_reads_ += reads;
                    purge_writes_ += writes;
                    count(reads, writes);
                  })),
      data_set_(ReadDataSet()),
      heads_(redis_, random_, registry_, {.time_to_live = kKeptByRedis, .cold = absl::ZeroDuration()}),
      key_connection_(OneConnection(options.postgres_url, auth::Statements())),
      no_eraser_(std::make_unique<NoEraser>()),
      keys_(key_store_, clock_, random_, {KeyFor(auth::KeyPurpose::kSealSigningKeys)},
            auth::Policy().access_token_lifetime),
      revocations_(revoked_accounts_, clock_, Sleep, auth::Policy().access_token_lifetime),
      readings_clock_(options.begins_at),
      readings_store_(purge_store_, data_set_),
      readings_(readings_store_, readings_clock_, Sleep) {
  EmptyRedis();
  const absl::Status read = RunBlocking<absl::Status>(loops_.at(0), [this] { return keys_.Read(); });
  if (!read.ok()) throw Failed(absl::StrCat("fleet: no signing keys: ", read.message()));
}

Services::~Services() = default;

void Services::EmptyRedis() {
  for (int i = 0; i < loops_.size(); ++i) {
    Await("Redis", [&] { return RunBlocking<bool>(loops_.at(i), [this] { return redis_.Answers(); }); });
  }
  std::vector<std::string> flush = {"FLUSHALL"};
  const auto flushed = RunBlocking<absl::StatusOr<redis::Reply>>(
      loops_.at(0), [this, &flush] { return redis_.Command(std::move(flush)); });
  if (!flushed.ok()) throw Failed("fleet: Redis cannot be emptied");
}

sync::DataSetState Services::ReadDataSet() {
  Await("PostgreSQL", [this] { return purge_connection_.healthy(); });
  const auto reading = RunBlocking<absl::StatusOr<sync::DataSetState>>(
      loops_.at(0), [this] { return purge_store_.ReadDataSet(); });
  if (!reading.ok()) throw Failed(absl::StrCat("fleet: no data set: ", reading.status().message()));
  return *reading;
}

void Services::SetBudgets(const ratelimit::Budgets& budgets) {
  ratelimit::Limits limits = limits_.Get();
  limits.budgets = budgets;
  limits_.Replace(std::move(limits));
}

void Services::ShareCounts() {
  RunBlocking<void>(loops_.at(0), [this]() -> Task<void> {
    co_await sync_quota_.Tick();
    co_await auth_quota_.Tick();
    co_await sync_quota_.Flush();
    co_await auth_quota_.Flush();
  });
}

void Services::TickQuotas() {
  RunBlocking<void>(loops_.at(0), [this]() -> Task<void> {
    co_await sync_quota_.Tick();
    co_await auth_quota_.Tick();
  });
}

int64_t Services::DataSetReadings(const std::vector<UnixMillis>& requests) {
  const int64_t before = readings_store_.readings();
  RunBlocking<void>(loops_.at(0), [this, &requests]() -> Task<void> {
    for (const UnixMillis at : requests) {
      MoveTo(readings_clock_, at);
      (void)co_await readings_.Current();
    }
  });
  return readings_store_.readings() - before;
}

void Services::Purge() {
  sync::Purger purger(purge_store_, clock_);
  const auto report = RunBlocking<absl::StatusOr<sync::PurgeReport>>(
      loops_.at(0), [&purger] { return purger.PurgeAll([] { return false; }); });
  if (!report.ok() || report->users_failed > 0) throw Failed("fleet: the purge failed");
}

// ---- a replica

// Asks the rate limit service's engine, with the replica's time.
class Replica::Limiter : public ratelimit::Limiter {
 public:
  Limiter(ratelimit::Engine& engine, const Clock& clock) : engine_(engine), clock_(clock) {}

  Task<ratelimit::Decision> Acquire(ratelimit::Ask ask, Origin origin) override {
    ratelimit::AcquireCommand command{.subject = std::move(ask.subject),
                                      .policy = std::move(ask.policy),
                                      .cost = ask.cost,
                                      .now = clock_.Now(),
                                      .origin = std::move(origin)};
    const absl::StatusOr<ratelimit::Acquired> acquired = co_await engine_.Acquire(std::move(command));
    // Its Redis is ours: whatever fails there ends the run, for nothing could be compared any more.
    if (!acquired.ok()) throw Failed(absl::StrCat("fleet: no bucket: ", acquired.status().message()));
    co_return acquired->decision;
  }

 private:
  ratelimit::Engine& engine_;
  const Clock& clock_;
};

Replica::Replica(Services& services, int place)
    : services_(services),
      loop_(services.loops_.at(place % services.loops_.size())),
      clock_(services.options_.begins_at),
      limiter_(std::make_unique<Limiter>(services.ratelimit_, clock_)),
      sync_connection_(Counted(
          OneConnection(services.options_.postgres_url, sync::Statements()),
          [this, count = ratelimit::CountStatements(services.sync_quota_.quota())](int reads, int writes) {
            sync_statements_ += reads + writes;
            count(reads, writes);
          })),
      store_(postgres_, services.data_set_),
      heads_(services.heads_, clock_, services.scenario_.head_ttl),
      metered_(heads_,
               {.is_off =
                    [&services] {
                      return !services.scenario_.head_cache || services.sync_quota_.quota().CacheIsOff();
                    },
                .count_read =
                    [&services] { services.sync_quota_.quota().Count(ratelimit::Resource::kCacheReads); },
                .count_write =
                    [&services] { services.sync_quota_.quota().Count(ratelimit::Resource::kCacheWrites); }}),
      announcer_(services.announcements_),
      auth_connection_(Counted(OneConnection(services.options_.postgres_url, auth::Statements()),
                               ratelimit::CountStatements(services.auth_quota_.quota()))) {
  Await("PostgreSQL", [this] { return sync_connection_.healthy() && auth_connection_.healthy(); });
  sync_.emplace(store_, metered_, announcer_, *limiter_, services.sync_quota_.quota(), services.sync_metrics_,
                clock_, Sleep, [] { return 0.0; });
  auth_.emplace(auth::Engine::Parts{.accounts = accounts_,
                                    .keys = services.keys_,
                                    .revocations = services.revocations_,
                                    .hasher = services.hasher_,
                                    .tasks = *services.no_eraser_,
                                    .limiter = *limiter_,
                                    .quota = services.auth_quota_.quota(),
                                    .clock = clock_,
                                    .random = services.random_,
                                    .successor_keys = {KeyFor(auth::KeyPurpose::kDeriveRefreshSuccessors)},
                                    .network_key = KeyFor(auth::KeyPurpose::kHashNetworks)},
                auth::Policy());
  verifier_ = std::make_unique<auth::JwksTokenVerifier>(services.loops_,
                                                        std::make_unique<KeysOfEngine>(*auth_), clock_);
}

Replica::~Replica() = default;

}  // namespace tidemark::fleet
