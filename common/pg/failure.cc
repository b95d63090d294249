#include "common/pg/failure.h"

#include <pqxx/except>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"

namespace tidemark::pg {
namespace {

using Aftermath = Failure::Aftermath;

absl::Status GivenUp() {
  return Error(Code::kUnavailable, "The database gave the request up; nothing was changed.",
               {.retry_after = absl::Seconds(1)});
}

// https://www.postgresql.org/docs/15/errcodes-appendix.html
Failure FailureOfState(const std::string& state, const std::string& message) {
  const std::string text = absl::StrCat(message, " (SQLSTATE ", state, ")");
  if (state == "23505") return {absl::AlreadyExistsError(text), Aftermath::kKeep};
  // Canceled by statement_timeout; no lock within lock_timeout; a serialization failure, a deadlock.
  if (state == "57014" || state == "55P03" || state == "40001" || state == "40P01") {
    return {GivenUp(), Aftermath::kKeep};
  }
  // No memory, no disk, too many connections.
  if (state.starts_with("53")) return {GivenUp(), Aftermath::kReplace};
  // Broken; shut down, crashed or still starting; idle in a transaction for too long; read-only, as a demoted
  // primary is.
  if (state.starts_with("08") || state.starts_with("57P") || state == "25P03" || state == "25006") {
    return {Unreachable(), Aftermath::kLost};
  }
  return {absl::InternalError(text), Aftermath::kReplace};
}

}  // namespace

absl::Status Unreachable() {
  return Error(Code::kUnavailable, "The database cannot be reached.", {.retry_after = absl::Seconds(5)});
}

Failure FailureOf(const std::exception& thrown) {
  if (dynamic_cast<const pqxx::broken_connection*>(&thrown) != nullptr) {
    return {Unreachable(), Aftermath::kLost};
  }
  if (const auto* error = dynamic_cast<const pqxx::sql_error*>(&thrown); error != nullptr) {
    return FailureOfState(error->sqlstate(), thrown.what());
  }
  return {absl::InternalError(thrown.what()), Aftermath::kReplace};
}

}  // namespace tidemark::pg
