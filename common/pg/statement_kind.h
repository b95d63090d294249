// Whether a statement writes.
#pragma once

#include <string_view>

namespace tidemark::pg {

// True where `sql` itself inserts, updates or deletes; what a function that it calls does is not seen, and a
// row that it locks is read.
bool Writes(std::string_view sql);

}  // namespace tidemark::pg
