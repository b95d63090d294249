// The published keys, kept: fetched at first use, anew when a minute old without anybody waiting, and at once
// for a name that is not among them, though never twice within a few seconds.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "common/async/completion.h"
#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"
#include "services/auth/client/key_source.h"

namespace tidemark::auth {

// Thread-safe.
class PublishedKeys {
 public:
  // `loops` and `clock` outlive the object.
  PublishedKeys(EventLoops& loops, std::unique_ptr<KeySource> source, const Clock& clock);
  // Waits for the fetch under way. Call while the loops still run.
  ~PublishedKeys();

  // There are keys. Where none are they are fetched, though never twice within a few seconds.
  Task<bool> Hold();

  // Nothing if no published key has that name. UNAVAILABLE: no key was ever fetched. A fetch that this begins
  // is on behalf of `origin`; others may wait for it, too.
  Task<absl::StatusOr<std::optional<PublicKey>>> Find(std::string id, Origin origin);

 private:
  using Keys = absl::flat_hash_map<std::string, PublicKey>;

  std::optional<PublicKey> Lookup(const std::string& id) const;
  bool HasAny() const;
  bool IsStale() const;
  bool MayFetchForNobody() const;
  bool MayFetchForUnknownName() const;
  bool TriedLately() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Starts a fetch unless one is under way; `done`, if any, is called when it has ended.
  void Fetch(Origin origin, Completion<absl::Status> done);
  Task<void> RunFetch(Origin origin);

  EventLoops& loops_;
  const std::unique_ptr<KeySource> source_;
  const Clock& clock_;

  mutable Mutex mutex_;
  CondVar fetch_ended_;
  Keys keys_ ABSL_GUARDED_BY(mutex_);
  // When the last fetch was begun.
  UnixMillis tried_at_ ABSL_GUARDED_BY(mutex_);
  bool fetching_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<Completion<absl::Status>> waiting_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::auth
