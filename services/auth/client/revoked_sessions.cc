#include "services/auth/client/revoked_sessions.h"

#include <algorithm>

namespace tidemark::auth {

void RevokedSessions::Add(const SessionId& session, UnixMillis until) {
  MutexLock lock(&mutex_);
  UnixMillis& kept = until_[session];
  kept = std::max(kept, until);
  count_ = until_.size();
}

bool RevokedSessions::Contains(const SessionId& session) const {
  if (count_ == 0) return false;
  MutexLock lock(&mutex_);
  return until_.contains(session);
}

void RevokedSessions::ForgetExpired(UnixMillis now) {
  if (count_ == 0) return;
  MutexLock lock(&mutex_);
  absl::erase_if(until_, [now](const auto& entry) { return entry.second <= now; });
  count_ = until_.size();
}

}  // namespace tidemark::auth
