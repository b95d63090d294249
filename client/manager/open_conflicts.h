// Which conflicts still want an answer. Pure, but for what it reads.
#pragma once

#include <vector>

#include "client/store/local_store.h"

namespace tidemark::client {

// Of those that are not dismissed: without those whose discarded value is the task's again, on whichever
// device it was taken up.
std::vector<Conflict> OpenConflicts(Transaction& tx);

}  // namespace tidemark::client
