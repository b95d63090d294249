// What the auth service asks of the sync service: the port.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "common/async/task.h"
#include "common/ids/ids.h"
#include "common/origin/origin.h"

namespace tidemark::auth {

// Thread-safe.
class TaskEraser {
 public:
  virtual ~TaskEraser() = default;
  // Removes all that is stored for the user, tasks and history, and has later pushes refused. OK also if
  // there is nothing. UNAVAILABLE: it may be done in part; to be asked again.
  virtual Task<absl::Status> Erase(UserId user, Origin origin) = 0;
};

}  // namespace tidemark::auth
