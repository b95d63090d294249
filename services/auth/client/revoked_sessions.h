// The sessions whose access tokens are refused although they have not expired (SPEC 9). Mostly none: then
// asking costs as much as reading a number.
#pragma once

#include <atomic>
#include <cstddef>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "common/clock/clock.h"
#include "common/ids/ids.h"
#include "common/mutex/mutex.h"

namespace tidemark::auth {

// Thread-safe.
class RevokedSessions {
 public:
  // `until`: then no token of the session is left.
  void Add(const SessionId& session, UnixMillis until);
  bool Contains(const SessionId& session) const;
  // Those whose time has come go. To be called now and then.
  void ForgetExpired(UnixMillis now);

 private:
  std::atomic<size_t> count_{0};
  mutable Mutex mutex_;
  absl::flat_hash_map<SessionId, UnixMillis> until_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::auth
