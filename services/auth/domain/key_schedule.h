// When a signing key is made, signs, and is published (SPEC 9: keys rotate without failed requests).
//
//            made        signs_from                signs_until     last token ends
//             ├── lead ──┤─────────── period ──────────┤── token lifetime ──┤ tail
//             ╰──────────────────────── published ────────────────────────────────╯
//                                              made ├── lead ──┤── period …      (its successor)
//
// Each verifier reads the published keys every minute, so each knows a key well before it signs. A rotation
// by hand (`--rotate-keys`) makes a successor at once, which signs as soon as each verifier can know it, and
// so ends its predecessor early:
//
//            signs_from ────────────── period ───────────┼── token lifetime ──┤ tail
//                     rotated: made ├── rotation lead ──┤── period …
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "common/clock/clock.h"

namespace tidemark::auth {

inline constexpr absl::Duration kSigningPeriod = absl::Hours(24 * 30);
inline constexpr absl::Duration kPublishingLead = absl::Hours(1);
// How often each replica of the auth service reads the keys that the others have made.
inline constexpr absl::Duration kReadEvery = absl::Seconds(10);
// After kReadEvery the key is in what every replica publishes, and half a minute later in what a cache may
// have kept of it (GET /.well-known/jwks.json). A verifier of ours that has not fetched since does so for the
// first token that names the key; one that has, knows it. The rest is for clocks that differ.
inline constexpr absl::Duration kRotationLead = absl::Minutes(1);
// For clocks that differ, and for the second that `exp` is rounded up by.
inline constexpr absl::Duration kPublishingTail = absl::Minutes(1);

// The part of a key that the schedule looks at.
struct KeyPeriod {
  // 1, 2, 3 …: a key's place among all there ever were. No two keys share one, which decides who wins when
  // two replicas make the next key at once.
  int64_t number = 0;
  UnixMillis signs_from;
  UnixMillis signs_until;
};

// The period of the key that is to be made now; nothing if none is due. `periods` rise by number.
std::optional<KeyPeriod> NextKeyDue(const std::vector<KeyPeriod>& periods, UnixMillis now);

// The period of the key that a rotation by hand makes now.
KeyPeriod PeriodOfRotation(const std::vector<KeyPeriod>& periods, UnixMillis now);

// The place in `periods` of the key that signs now; nothing if none may. Those that are published no more may
// be left out.
std::optional<size_t> SignerAt(const std::vector<KeyPeriod>& periods, UnixMillis now);

// Whether tokens under the key at `place` may still be valid, or will be.
bool IsPublished(const std::vector<KeyPeriod>& periods, size_t place, absl::Duration token_lifetime,
                 UnixMillis now);

}  // namespace tidemark::auth
