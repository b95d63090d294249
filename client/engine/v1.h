// V1 (SPEC 4) in terms of the Final protocol: whole objects, no numbers, no epoch, answers that are always
// complete.
#pragma once

#include <vector>

#include "client/engine/task_book.h"

namespace tidemark::client {

// As FreezeBatch, each change with every field and a version counted on from the row's.
std::vector<Change> FreezeObjects(TaskBook& book, int changes_max);

SyncAsk AsSyncAsk(const V1Ask& ask);
Page AsPage(const V1Page& page);

}  // namespace tidemark::client
