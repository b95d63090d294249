// Which sessions are over although access tokens of theirs have not expired, for those who verify tokens
// elsewhere (SPEC 9: a revoked session's sid is refused for the rest of its tokens' life).
//
//   this replica revokes ──────── Announce ──┐                        ┌─► a watcher ── acknowledges
//                                            ├─► the list, numbered ──┤
//   others revoke: the store ──── Refresh ───┘                        └─► a watcher ── acknowledges
//
// Law: each watcher takes every number once, in order; Announce returns when those who watch here have
// acknowledged what it told, so that the request after a revocation is refused. A watcher that does not
// answer delays that by kAcknowledgedWithin, and learns it when it is back. Watchers of another replica learn
// it from that one's Refresh, at most a second later.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "common/async/completion.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "common/metrics/metrics.h"
#include "common/mutex/mutex.h"
#include "common/origin/origin.h"
#include "services/auth/storage/account_store.h"

namespace tidemark::auth {

// How a task waits. Tests decide when it is over.
using Sleeper = std::function<Task<void>(absl::Duration)>;

struct RefusedSession {
  SessionId session;
  // Then its last access token has expired, by every clock.
  UnixMillis until;
  bool operator==(const RefusedSession&) const = default;
};

struct RevocationBatch {
  // Of the last of `sessions`; to be acknowledged.
  int64_t number = 0;
  std::vector<RefusedSession> sessions;
  // Nothing else was revoked until now.
  bool complete = false;
};

// Thread-safe.
class RevocationFeed {
 public:
  static constexpr absl::Duration kAcknowledgedWithin = absl::Milliseconds(250);
  // For clocks that differ, and for the second that `exp` is rounded up by.
  static constexpr absl::Duration kMargin = absl::Minutes(1);
  static constexpr size_t kBatchMax = 1000;

  class Watcher;

  // `store` and `clock` outlive this.
  RevocationFeed(AccountStore& store, const Clock& clock, Sleeper sleep, absl::Duration token_lifetime);

  // `news` is called when there is something to take, from any thread; it is not to block, nor to call this.
  std::shared_ptr<Watcher> Watch(std::function<void()> news);

  // On an event loop. `revoked` is stored; `origin` has revoked it.
  Task<void> Announce(std::vector<Revocation> revoked, Origin origin);

  // Reads what other replicas have revoked; forgets what no token outlives. To be called once a second, each
  // call after the last has ended. Until the first that succeeds there is nothing to take.
  Task<void> Refresh();

  // The process stops: those who watch are to go.
  void Close();

  // Adds tidemark_revocation_watchers; this outlives `readings`.
  void Show(metrics::Readings& readings) const;

 private:
  struct Numbered {
    int64_t number = 0;
    RefusedSession refused;
  };
  // An Announce that waits to be acknowledged.
  struct Waiting;

  RefusedSession RefusalOf(const Revocation& revocation) const;
  // The number by which all of `revoked` are told.
  int64_t Append(const std::vector<Revocation>& revoked) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void TellNews() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ForgetExpired() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool IsAcknowledged(int64_t number) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AwaitAcknowledgement(int64_t number, Completion<bool> done);
  void EndWaiting() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Task<void> ForgetInStore();

  std::optional<RevocationBatch> Take(Watcher& watcher);
  void Acknowledge(Watcher& watcher, int64_t number);
  bool IsClosed() const;
  void Leave(Watcher& watcher);

  AccountStore& store_;
  const Clock& clock_;
  const Sleeper sleep_;
  const absl::Duration token_lifetime_;

  mutable Mutex mutex_;
  std::deque<Numbered> list_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<SessionId> listed_ ABSL_GUARDED_BY(mutex_);
  int64_t last_number_ ABSL_GUARDED_BY(mutex_) = 0;
  // When the last reading of the store was begun. Nothing: it was never read.
  std::optional<UnixMillis> read_at_ ABSL_GUARDED_BY(mutex_);
  UnixMillis forgot_at_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Watcher*> watchers_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::shared_ptr<Waiting>> waiting_ ABSL_GUARDED_BY(mutex_);
};

// One who verifies tokens elsewhere. Leaves when it is destroyed; the feed outlives it.
class RevocationFeed::Watcher {
 public:
  Watcher(RevocationFeed& feed, std::function<void()> news) : feed_(feed), news_(std::move(news)) {}
  ~Watcher() { feed_.Leave(*this); }
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // What it has not taken yet; nothing: there is none. The first one comes also if it is empty.
  std::optional<RevocationBatch> Take() { return feed_.Take(*this); }
  void Acknowledge(int64_t number) { feed_.Acknowledge(*this, number); }
  // The process stops.
  bool IsToGo() const { return feed_.IsClosed(); }

 private:
  friend class RevocationFeed;

  RevocationFeed& feed_;
  const std::function<void()> news_;
  // The rest is guarded by the feed's mutex.
  bool begun_ = false;
  int64_t taken_ = 0;
  int64_t acknowledged_ = -1;
};

}  // namespace tidemark::auth
