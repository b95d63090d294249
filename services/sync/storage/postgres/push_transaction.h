// The transaction that several pushes share, or one has to itself: lock and load in one round trip, decide,
// write and commit in one more. Includes libpqxx through what it is given.
//
//   lock ─ load ─┬─ decide ─┬─ write all ─ commit
//                ├─ decide ─┤
//                └─ decide ─┘
//
// Together nobody waits for a lock: whose head is locked, or not there yet, is left out, to be tried alone.
// So one user's trouble holds up no other, and two groups cannot wait for each other.
#pragma once

#include <optional>
#include <vector>

#include "common/pg/connection.h"
#include "services/sync/storage/postgres/push_groups.h"

namespace tidemark::sync {

// Both leave the transaction open where nothing is to be written, and throw as pg::Connection and `decide`
// do; then nothing was stored, unless the connection was lost.

// A group of one, which may read history: it waits for the lock, and makes the user's head if there is none.
Pushed PushAlone(pg::Connection& db, const PushGroup& alone);

// Pushes that may share. What became of each, in the order of `group`; nothing: it was left out.
std::vector<std::optional<Pushed>> PushTogether(pg::Connection& db, const PushGroup& group);

}  // namespace tidemark::sync
