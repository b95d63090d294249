// For the tests of the codecs, which say the same in two ways.
#pragma once

#include "bench/load/exchange.h"

namespace tidemark::bench {

inline Ask SamplePush() {
  return {.rpc = Rpc::kSync,
          .token = "token",
          .device = "laptop",
          .epoch = "e1",
          .cursor = 5,
          .acked = 20,
          .limit = 100,
          .edits = {{.task = 1, .version = 2, .mutation = 21}},
          .updated_at = 7};
}

}  // namespace tidemark::bench
