// The service under simulation: two replicas of the engine over one store and one cache, all in this thread.
//
//   server.Start(call, 0, user, request, false);   // runs up to its first step
//   while (server.waiting().contains(call)) server.Step(call, Fate::kDone);
//   …`answered` was called…
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "common/clock/clock.h"
#include "services/sync/engine/engine.h"
#include "services/sync/storage/memory/memory_head_announcer.h"
#include "services/sync/storage/memory/memory_head_cache.h"
#include "services/sync/storage/memory/memory_store.h"
#include "tests/simulation/gates.h"
#include "tests/simulation/requests.h"

namespace tidemark::simulation {

inline constexpr int kReplicas = 2;

class Server {
 public:
  using Answered = std::function<void(CallId, Answer)>;

  // All outlive this.
  Server(ManualClock& clock, CommitWatcher& watcher, Answered answered);
  ~Server();

  // `call` is a new number. `sync_is_empty`: the caller's bucket for whole syncs has no token.
  void Start(CallId call, int replica, const UserId& user, Request request, bool sync_is_empty);

  // Calls before their next step. A call that is not there has been answered, or died with its replica.
  const std::map<CallId, Gate::Waiting>& waiting() const { return gate_.waiting(); }
  void Step(CallId call, Fate fate);

  // Its calls are never answered; it starts anew.
  void Crash(int replica);
  void FlushCache() { cache_.Flush(); }
  void Purge(const UserId& user, sync::Stamp through);
  // The store goes back to what it was at the last call (or empty), under a new epoch. Nobody may be served
  // meanwhile.
  void KeepBackup();
  void RestoreBackup();

  // The store, with no gate.
  sync::Snapshot Everything(const UserId& user);

 private:
  struct Serving {
    int replica = 0;
    sync::Call call;
  };

  Task<void> Serve(CallId id, int replica, Request request);
  Task<Answer> Call(CallId id, int replica, Request request);
  void Run();
  void StartReplica(int replica);
  template <typename T>
  T Now(Task<T> task);

  ManualClock& clock_;
  const Answered answered_;
  boost::asio::io_context io_;
  Gate gate_;
  GatedStore gated_store_;
  sync::MemoryHeadCache cache_{clock_, absl::Seconds(20)};
  GatedHeadCache gated_cache_{gate_, cache_};
  // Nobody watches: what is announced is heard by engines that have no stream.
  sync::AnnouncementBus bus_;
  sync::MemoryHeadAnnouncer announcer_{bus_};
  OpenLimiter limiter_;
  // Unlimited.
  Versioned<ratelimit::Limits> limits_{ratelimit::Limits()};
  ratelimit::Quota quota_{limits_, clock_};
  // Nobody looks at them.
  metrics::Registry registry_;
  sync::ActiveUsers users_{clock_};
  sync::SyncMetrics metrics_{registry_, users_};
  int epoch_ = 1;
  std::unique_ptr<sync::MemoryStore> store_;
  std::unique_ptr<sync::MemoryStore> backup_;
  std::unique_ptr<sync::Engine> replicas_[kReplicas];
  std::map<CallId, Serving> calls_;
};

}  // namespace tidemark::simulation
