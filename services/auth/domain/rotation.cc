#include "services/auth/domain/rotation.h"

namespace tidemark::auth {
namespace {

bool WithinGrace(const SessionState& session, UnixMillis now) {
  return now.value - session.rotated_at.value <= absl::ToInt64Milliseconds(kRotationGrace);
}

}  // namespace

Verdict Judge(const PresentedToken& token, const SessionState& session, UnixMillis now) {
  if (now >= token.expires_at) return Verdict::kExpired;
  const bool live = token.generation == session.generation;
  const bool direct_predecessor = token.generation == session.generation - 1;
  if (!live && !(direct_predecessor && WithinGrace(session, now))) return Verdict::kReused;
  if (session.ended) return Verdict::kEnded;
  return live ? Verdict::kRotate : Verdict::kRepeat;
}

}  // namespace tidemark::auth
