// The SQL of the store. Every statement names its user, or those of a group, reads by index, and its cost
// does not grow with the user's other tasks.
#pragma once

#include <vector>

#include "common/pg/pool.h"

namespace tidemark::sync {

const std::vector<pg::Statement>& Statements();

}  // namespace tidemark::sync
