// What of the queue goes into one request (SPEC 3.3, 5.6, 6.3).
#pragma once

#include <cstddef>
#include <vector>

#include "client/engine/task_book.h"

namespace tidemark::client {

// The server takes 1 MiB of changes; what is around them must fit in as well.
inline constexpr std::size_t kBatchBytesMax = 1'000'000;

// Freezes and numbers as many as one request takes, and stores them so. Changes that were sent before without
// an answer come first and unaltered; then those that were edited since, under a new number; then new ones,
// the oldest first. At least one, if any waits.
std::vector<Change> FreezeBatch(TaskBook& book, int changes_max);

// About how many bytes it takes in a request.
std::size_t Weight(const Change& change);

}  // namespace tidemark::client
