// Ends one of the bench's programs; its text is for the person at the terminal.
#pragma once

#include <stdexcept>

namespace tidemark::bench {

struct Failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace tidemark::bench
