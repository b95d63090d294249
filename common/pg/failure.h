// The one place where libpqxx's exceptions end.
#pragma once

#include <exception>

#include "absl/status/status.h"

namespace tidemark::pg {

struct Failure {
  // As Pool::Run documents.
  absl::Status status;
  // What the failure means for the connection it happened on.
  enum class Aftermath {
    kKeep,     // an expected answer
    kReplace,  // something of it no longer fits, such as a statement prepared before a migration
    kLost,     // gone; those of the same age probably too
  } aftermath;
};

Failure FailureOf(const std::exception& thrown);

// What a caller is told while the server cannot be reached.
absl::Status Unreachable();

}  // namespace tidemark::pg
