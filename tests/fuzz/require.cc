#include "tests/fuzz/require.h"

#include <cstdio>
#include <cstdlib>

namespace tidemark::fuzz {

void Require(bool holds, std::string_view claim) {
  if (holds) return;
  std::fprintf(stderr, "Does not hold: %.*s\n", static_cast<int>(claim.size()), claim.data());
  std::abort();
}

}  // namespace tidemark::fuzz
