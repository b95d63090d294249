// What an answer says about the changes of its request (SPEC 3.3): with the end of the answer they leave the
// queue.
#pragma once

#include <vector>

#include "client/engine/exchange.h"
#include "client/engine/task_book.h"

namespace tidemark::client {

// Keeps what `page`, the first of an answer of several pages, says about `changes`.
void NoteVerdicts(TaskBook& book, const std::vector<Change>& changes, const Page& page);

// The answer is complete: what was stored or told leaves the queue; what was rejected is listed, or queued
// again where that can help. `changes` are those of the request, if `page` is the whole answer; else those
// noted. What the pages tell of tasks has been stored. Counts in `end`. True: the device is a copy of
// another, or has one, and needs a new name.
bool SettleAnswered(TaskBook& book, const std::vector<Change>& changes, const Page& page, UnixMillis now,
                    RunEnd& end);

// What is pending goes out under `name`, whose numbers begin anew.
void TakeNewName(TaskBook& book, const DeviceId& name);

}  // namespace tidemark::client
