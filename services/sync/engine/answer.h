// From what was read and merged to what the device is told (SPEC 3.3). Shared by the engine's functions.
#pragma once

#include "services/sync/engine/requests.h"
#include "services/sync/storage/store.h"

namespace tidemark::sync {

// Which rows the next page of `series` needs. `extra` rows are asked for beyond the limit, for rows that the
// answer will leave out.
DeltaQuery QueryOf(const Series& series, int64_t limit, std::size_t extra);

// The page of `series` that `delta` holds, `told` left out. `head` is the state the answer leaves the device
// in if this is the last page.
SyncAnswer AnswerPage(const Series& series, Delta delta, const std::set<TaskId>& told, const Head& head,
                      int64_t limit);

// What a push tells beside its page must fit a message with it.
inline constexpr std::size_t kToldBytesMax = 6 * 1024 * 1024;

// About how many bytes TellOutcome and the conflicts of `result` will take.
std::size_t ToldBytes(const PushResult& result);

// Adds what became of the pushed changes: whole tasks, ids that are deleted or not there, rejections.
void TellOutcome(const PushResult& result, SyncAnswer& answer);

}  // namespace tidemark::sync
