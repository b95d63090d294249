// The real services in one process, on clocks that the fleet sets: what their main.cc files put together,
// less the network between them.
//
//                     ┌─ Replica: sync and auth engine ─┐  a clock and a connection each, so that each may be
//   Services (shared) ┼─ Replica …                      ┼  at a time of its own, and statements are counted
//   as
//                     └─ Replica …                      ┘  of requests that came one by one
//
// Shared are Redis and what is counted or known per service: the rate limit service, the day's quota, the
// signing keys. A person's requests all go to the same replica, one after another.
//
// Not here, because nothing of a day's counts is known to depend on it: live streams (and so the
// announcements of heads over Redis), the gateway, TLS.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/fleet_day/reading_store.h"
#include "bench/fleet_day/settings.h"
#include "bench/fleet_day/virtual_head_cache.h"
#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "common/metrics/metrics.h"
#include "common/mutex/versioned.h"
#include "common/pg/pool.h"
#include "common/random/random.h"
#include "common/redis/client.h"
#include "services/auth/client/jwks_token_verifier.h"
#include "services/auth/engine/engine.h"
#include "services/auth/storage/postgres_store.h"
#include "services/ratelimit/client/quota.h"
#include "services/ratelimit/client/quota_reporter.h"
#include "services/ratelimit/engine/engine.h"
#include "services/ratelimit/storage/redis_quota_store.h"
#include "services/ratelimit/storage/redis_store.h"
#include "services/sync/engine/engine.h"
#include "services/sync/storage/memory/memory_head_announcer.h"
#include "services/sync/storage/metered/metered_head_cache.h"
#include "services/sync/storage/postgres/postgres_store.h"
#include "services/sync/storage/redis/redis_head_cache.h"

namespace tidemark::fleet {

// Moves a clock to a time that is not before its own.
void MoveTo(ManualClock& clock, UnixMillis time);

// One service's part of the day's quota: what it goes by, and what it has counted since the beginning.
class CountedQuota {
 public:
  // `limits`, `clock` and `ratelimit` outlive this.
  CountedQuota(std::string name, const Versioned<ratelimit::Limits>& limits, const ManualClock& clock,
               ratelimit::Engine& ratelimit);

  ratelimit::Quota& quota() { return quota_; }
  // As the process does four times a second, with the time that its clock shows.
  Task<void> Tick() { return reporter_.Tick(); }
  // Tells all that was counted.
  Task<void> Flush() { return reporter_.Flush(); }
  // All that was told.
  const ratelimit::DayCounts& told() const { return told_; }

 private:
  ratelimit::Quota quota_;
  ratelimit::DayCounts told_;
  ratelimit::QuotaReporter reporter_;
};

struct ServicesOptions {
  std::string postgres_url;
  std::string redis_url;
  // Where the fleet's time begins.
  UnixMillis begins_at;
};

class Services {
 public:
  // Empties that Redis. Throws Failed: what is needed is not there.
  Services(const Scenario& scenario, const ServicesOptions& options);
  ~Services();

  // Of what is not a replica's own.
  ManualClock& clock() { return clock_; }
  EventLoops& loops() { return loops_; }
  CountedQuota& sync_quota() { return sync_quota_; }
  CountedQuota& auth_quota() { return auth_quota_; }
  const ratelimit::Limits& limits() const { return limits_.Get(); }
  void SetBudgets(const ratelimit::Budgets& budgets);
  // Has each service tell the rate limit service what it has counted, and learn what the others have.
  void ShareCounts();
  // As ShareCounts, where a service would do so by itself now.
  void TickQuotas();

  // How often a process would have read the data set for requests at these times, which rise.
  int64_t DataSetReadings(const std::vector<UnixMillis>& requests);
  // As the sync service does once an hour. Its statements are counted as the service's.
  void Purge();
  int64_t purge_reads() const { return purge_reads_; }
  int64_t purge_writes() const { return purge_writes_; }
  const std::string& epoch() const { return data_set_.epoch.value(); }

 private:
  friend class Replica;

  void EmptyRedis();
  sync::DataSetState ReadDataSet();

  const Scenario& scenario_;
  const ServicesOptions options_;
  ManualClock clock_;
  SystemRandom random_;
  metrics::Registry registry_;
  EventLoops loops_{2};
  Versioned<ratelimit::Limits> limits_;

  redis::Client redis_;
  ratelimit::RedisStore buckets_{redis_};
  ratelimit::RedisQuotaStore day_{redis_};
  ratelimit::DecisionCounters decisions_;
  ratelimit::Engine ratelimit_;
  CountedQuota sync_quota_;
  CountedQuota auth_quota_;

  std::atomic<int64_t> purge_reads_ = 0;
  std::atomic<int64_t> purge_writes_ = 0;
  pg::Pool purge_connection_;
  sync::PostgresStore purge_store_{purge_connection_};
  const sync::DataSetState data_set_;
  sync::RedisHeadCache heads_;
  sync::AnnouncementBus announcements_;
  sync::ActiveUsers users_{clock_};
  sync::SyncMetrics sync_metrics_{registry_, users_};

  pg::Pool key_connection_;
  auth::PostgresKeyStore key_store_{key_connection_};
  auth::PostgresAccountStore revoked_accounts_{key_connection_};
  std::unique_ptr<auth::TaskEraser> no_eraser_;
  auth::Argon2idHasher hasher_;
  auth::KeyRing keys_;
  auth::RevocationFeed revocations_;

  // At which DataSetReadings are counted.
  ManualClock readings_clock_;
  ReadingStore readings_store_;
  sync::DataSet readings_;
};

class Replica {
 public:
  // `services` outlives this. `place` chooses its event loop.
  Replica(Services& services, int place);
  ~Replica();
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  ManualClock& clock() { return clock_; }
  EventLoop& loop() { return loop_; }
  sync::Engine& sync() { return *sync_; }
  auth::Engine& auth() { return *auth_; }
  auth::TokenVerifier& verifier() { return *verifier_; }
  const VirtualHeadCache& heads() const { return heads_; }

  // Statements of the sync engine so far.
  int64_t sync_statements() const { return sync_statements_; }

 private:
  class Limiter;

  Services& services_;
  EventLoop& loop_;
  ManualClock clock_;
  std::unique_ptr<Limiter> limiter_;

  std::atomic<int64_t> sync_statements_ = 0;
  pg::Pool sync_connection_;
  sync::PostgresStore postgres_{sync_connection_};
  ReadingStore store_;
  VirtualHeadCache heads_;
  sync::MeteredHeadCache metered_;
  sync::MemoryHeadAnnouncer announcer_;
  std::optional<sync::Engine> sync_;

  pg::Pool auth_connection_;
  auth::PostgresAccountStore accounts_{auth_connection_};
  std::optional<auth::Engine> auth_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
};

}  // namespace tidemark::fleet
