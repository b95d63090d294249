// The pages that together answer one request: rows are stored as they come, the cursor once, at the end, and
// nothing is removed before the end either (SPEC 3.3, 6.3).
#pragma once

#include "client/engine/exchange.h"
#include "client/engine/task_book.h"

namespace tidemark::client {

// Opens the series that `page`, the first answer to a request with this cursor, begins.
Series OpenSeries(TaskBook& book, Stamp last_sync, const Page& page);

// Stores what a page tells about tasks. False: it tells fields of a task that is not here.
bool StoreNews(TaskBook& book, const Series& series, const Page& page, UnixMillis now);

// The last page is stored: removes what is gone, unless that is to be held, and moves the cursor. False: it
// is held.
bool CloseSeries(TaskBook& book, const Series& series, const Page& page, UnixMillis now);

// The same for an answer without a pull: the cursor stays.
bool CloseDeferred(TaskBook& book, UnixMillis now);

}  // namespace tidemark::client
