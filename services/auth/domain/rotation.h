// What a presented refresh token is worth.
//
// A session's tokens form a chain; each has its place in it, its generation. A session knows the generation
// that is live and when that was made. Token rows never change: the session's row is the only thing to lock.
//
//     generation:   1        2          3          4
//                 spent ── spent ── predecessor ── live
//                   └─ reuse ─┘     good for 60 s more
#pragma once

#include <cstdint>

#include "absl/time/time.h"
#include "common/clock/clock.h"

namespace tidemark::auth {

// The answer to a refresh may be lost; for this long the direct predecessor of the live token still gets it.
inline constexpr absl::Duration kRotationGrace = absl::Seconds(60);

struct PresentedToken {
  int64_t generation = 0;
  UnixMillis expires_at;
};

struct SessionState {
  // Of the live token.
  int64_t generation = 0;
  // When the live token was made.
  UnixMillis rotated_at;
  // By logout or by reuse.
  bool ended = false;
};

enum class Verdict {
  // Unspent: its successor becomes the live token.
  kRotate,
  // Spent a moment ago: its successor, the live token, is told again.
  kRepeat,
  // Spent, and its successor was used or has been out for longer than the grace: somebody copied it. The
  // session
  // ends, for thief and owner alike.
  kReused,
  // The session had ended before.
  kEnded,
  // Not used in time.
  kExpired,
};

Verdict Judge(const PresentedToken& token, const SessionState& session, UnixMillis now);

}  // namespace tidemark::auth
