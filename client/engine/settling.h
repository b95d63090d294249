// What an answer says about the changes of its request (SPEC 3.3): they leave the queue.
#pragma once

#include <string>
#include <vector>

#include "client/engine/exchange.h"
#include "client/engine/task_book.h"

namespace tidemark::client {

// The changes that were asked and the page, first of its answer, that says what became of them.
struct Settlement {
  const std::vector<Change>& changes;
  const Page& page;
  UnixMillis now;
};

// Stored and told ones leave the queue; rejected ones are listed, or queued again where that can help. Counts
// them in `end`. True: the device is a copy of another, or has one, and needs a new name (TakeNewName).
bool SettleChanges(TaskBook& book, const Settlement& settlement, RunEnd& end);

// What is pending goes out under `name`, whose numbers begin anew.
void TakeNewName(TaskBook& book, const DeviceId& name);

}  // namespace tidemark::client
