// Who has created no task and edited none for seven days is inactive (SPEC 6.1), on whichever device. Pure.
#pragma once

#include <string_view>

#include "absl/time/time.h"
#include "client/domain/schedule/state.h"
#include "common/clock/clock.h"

namespace tidemark::client {

// A task was created or edited here.
void NoteEdit(MaybeTime& changed, UnixMillis now);

// An answer named the user's state. The second number of an ETag is the stamp of the user's newest change
// (SPEC 3.2), by the server's clock: one that is ahead of ours counts as now.
void NoteEtag(MaybeTime& changed, std::string_view etag, UnixMillis now);

bool IsActiveAt(const MaybeTime& changed, absl::Duration inactive_after, UnixMillis at);

}  // namespace tidemark::client
