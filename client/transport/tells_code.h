// Whether a service has answered at all.
#pragma once

#include "absl/status/status.h"

namespace tidemark::client {

// True: made by Error() (common/status), here or by the service that answered so: ErrorInfoOf(status) says
// what it means. False: OK, or it failed on the way, and nobody knows what became of it.
inline bool TellsCode(const absl::Status& status) {
  bool tells = false;
  status.ForEachPayload([&](absl::string_view, const absl::Cord&) { tells = true; });
  return tells;
}

}  // namespace tidemark::client
