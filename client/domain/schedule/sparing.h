// Syncs become rarer as tokens run low (SPEC 6.3, 7), so that normal use never meets a 429. Pure.
//
// Between `low` of a bucket and none of it, a wait grows geometrically: each token less makes it longer by
// the same factor. With no token of `sync` left, pushes come no faster than push_reserve is refilled.
#pragma once

#include "absl/time/time.h"
#include "client/domain/schedule/event.h"
#include "client/domain/schedule/settings.h"
#include "client/domain/schedule/state.h"
#include "common/clock/clock.h"

namespace tidemark::client {

// Takes down what an answer told of the buckets that syncs take from.
void NoteLimit(SavedState& state, const LimitTold& limit, UnixMillis now);

// What the bucket holds at `at` if nobody else takes from it; nothing is known of one that was never told.
std::optional<int64_t> TokensAt(const Budget& budget, UnixMillis at);

// From when on the bucket holds a token; nothing: it is not known to lack one.
MaybeTime HasTokenFrom(const Budget& budget);

struct Spared {
  absl::Duration debounce;
  absl::Duration bound;
};
Spared SparedDebounce(const SavedState& state, const ScheduleSettings& settings, UnixMillis at);
absl::Duration SparedGather(const SavedState& state, const ScheduleSettings& settings, UnixMillis at);

}  // namespace tidemark::client
