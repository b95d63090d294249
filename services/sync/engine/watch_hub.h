// Who watches which user's head in this process, and what each is told (SPEC 3.5).
//
//   pushes of any replica ── announcer ──► Heard ─┐
//                                                 ├─► the user's newest head ──► each stream, when it asks
//   heads read: at first, and when due ──► Found ─┘
//
// Law: a stream is told heads of rising high_water, and in the end the newest. What was announced while it
// was busy is told once, as the newest. (In another data set, after a restore, high_water begins anew.)
//
// Announcements get lost: in an outage of Redis, or with a process that dies right after a commit. So every
// head is read anew each kReadEvery, and each kReadEveryAlone while other replicas are not heard. Nothing
// here has a thread or a timer: Engine::Tick comes by once a second.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/async/completion.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"
#include "services/sync/storage/head_announcer.h"

namespace tidemark::sync {

using SessionPredicate = std::function<bool(const SessionId&)>;

// A head and the data set it is of.
struct LiveHead {
  Epoch epoch;
  Head head;
};

// Thread-safe.
class WatchHub : public HeadListener {
 public:
  // Of one user in this process.
  static constexpr int kStreamsMax = 10;
  // In calls of TakeDue.
  static constexpr int kReadEvery = 30;
  static constexpr int kReadEveryAlone = 3;

  class Stream;

  // `announcer` outlives this.
  explicit WatchHub(HeadAnnouncer& announcer);
  ~WatchHub() override;

  // A stream that is told nothing yet, and ends with its token. `rate_limited`: the user has kStreamsMax.
  // UNAVAILABLE after Close.
  absl::StatusOr<std::shared_ptr<Stream>> Open(UserId user, SessionId session, UnixMillis token_expires_at);

  // The session has a stream open in this process.
  bool IsWatchedBy(const UserId& user, const SessionId& session);

  // How many are open.
  std::size_t streams();

  // A head that was read. Nobody watches it, or it is older than what is known: ignored.
  void Found(const UserId& user, const LiveHead& found);

  // Whose heads are to be read now. To be called once a second.
  std::vector<UserId> TakeDue();
  // What is not read after all is due the next time.
  void ReadAllSoon();

  // Ends streams whose token has expired by `now` with `expired_token`.
  void EndExpired(UnixMillis now);
  // Ends streams of sessions that are over with `invalid_token`. `is_over` is not to call this.
  void EndSessions(const SessionPredicate& is_over);
  // Ends all streams with UNAVAILABLE, those to come too: the process stops.
  void Close();

  void Heard(const Announcement& announcement) override;
  void HearsOthers(bool hears) override;

 private:
  struct Watched {
    std::optional<LiveHead> newest;
    // Counts the values of `newest`.
    int64_t turn = 0;
    // `newest` may not be.
    bool unsure = false;
    std::vector<Stream*> streams;
  };

  void Keep(Watched& watched, const LiveHead& newest) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AwaitNews(Stream& stream, Completion<absl::StatusOr<Head>> told);
  void End(Stream& stream, const absl::Status& status);
  void EndLocked(Stream& stream, const absl::Status& status) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Calls whoever waits, if there is something to tell.
  void Tell(Stream& stream, const Watched& watched) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Leave(Stream& stream);

  HeadAnnouncer& announcer_;
  Mutex mutex_;
  absl::flat_hash_map<UserId, Watched> watched_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  bool hears_others_ ABSL_GUARDED_BY(mutex_) = false;
  // Calls of TakeDue until all heads are read.
  int until_all_ ABSL_GUARDED_BY(mutex_) = 0;
};

// One client that watches. Leaves the hub when it is destroyed. Thread-safe, but for one Next at a time.
class WatchHub::Stream {
 public:
  Stream(WatchHub& hub, UserId user, SessionId session, UnixMillis token_expires_at)
      : hub_(hub),
        user_(std::move(user)),
        session_(std::move(session)),
        token_expires_at_(token_expires_at) {}
  ~Stream() { hub_.Leave(*this); }
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  // Waits for a head newer than the one it returned last, or for the end, and returns what it ended with.
  Task<absl::StatusOr<Head>> Next();
  // The first end counts.
  void End(const absl::Status& status) { hub_.End(*this, status); }

 private:
  friend class WatchHub;

  WatchHub& hub_;
  const UserId user_;
  const SessionId session_;
  const UnixMillis token_expires_at_;
  // The rest is guarded by the hub's mutex.
  absl::Status end_;
  // The Watched::turn that was told last.
  int64_t turn_ = 0;
  Completion<absl::StatusOr<Head>> waiting_;
};

}  // namespace tidemark::sync
