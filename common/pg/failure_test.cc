#include "common/pg/failure.h"

#include <gtest/gtest.h>

#include <new>
#include <pqxx/except>
#include <string>

#include "common/status/error.h"

namespace tidemark::pg {
namespace {

TEST(FailureOf, EachSqlStateTellsTheCallersNextMove) {
  using Aftermath = Failure::Aftermath;
  const struct {
    const char* name;
    const char* sqlstate;
    absl::StatusCode code;
    Aftermath aftermath;
  } kRows[] = {
      {"unique violation", "23505", absl::StatusCode::kAlreadyExists, Aftermath::kKeep},
      {"statement timeout", "57014", absl::StatusCode::kUnavailable, Aftermath::kKeep},
      {"lock timeout", "55P03", absl::StatusCode::kUnavailable, Aftermath::kKeep},
      {"deadlock", "40P01", absl::StatusCode::kUnavailable, Aftermath::kKeep},
      {"serialization failure", "40001", absl::StatusCode::kUnavailable, Aftermath::kKeep},
      {"disk full", "53100", absl::StatusCode::kUnavailable, Aftermath::kReplace},
      {"administrator's shutdown", "57P01", absl::StatusCode::kUnavailable, Aftermath::kLost},
      {"still starting", "57P03", absl::StatusCode::kUnavailable, Aftermath::kLost},
      {"idle in a transaction", "25P03", absl::StatusCode::kUnavailable, Aftermath::kLost},
      {"a demoted primary", "25006", absl::StatusCode::kUnavailable, Aftermath::kLost},
      {"connection failure", "08006", absl::StatusCode::kUnavailable, Aftermath::kLost},
      {"a plan that no longer fits", "0A000", absl::StatusCode::kInternal, Aftermath::kReplace},
      {"a missing table", "42P01", absl::StatusCode::kInternal, Aftermath::kReplace},
      {"a check constraint", "23514", absl::StatusCode::kInternal, Aftermath::kReplace},
  };
  for (const auto& row : kRows) {
    const Failure failure = FailureOf(pqxx::sql_error("ERROR:  why", "", row.sqlstate));
    EXPECT_EQ(failure.status.code(), row.code) << row.name;
    EXPECT_EQ(failure.aftermath, row.aftermath) << row.name;
  }
}

TEST(FailureOf, ALostConnectionIsUnavailableWithARetryAfter) {
  const Failure failure = FailureOf(pqxx::broken_connection("server closed the connection"));
  EXPECT_EQ(failure.aftermath, Failure::Aftermath::kLost);
  const ErrorInfo info = ErrorInfoOf(failure.status);
  EXPECT_EQ(info.code, Code::kUnavailable);
  EXPECT_EQ(info.details.retry_after, absl::Seconds(5));
}

TEST(FailureOf, AnInternalErrorNamesTheSqlState) {
  const Failure failure = FailureOf(pqxx::sql_error("ERROR:  no such table", "", "42P01"));
  EXPECT_EQ(std::string(failure.status.message()), "ERROR:  no such table (SQLSTATE 42P01)");
}

TEST(FailureOf, AnyOtherExceptionIsABugOfOurs) {
  EXPECT_EQ(FailureOf(pqxx::conversion_error("not a number")).status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(FailureOf(std::bad_alloc()).status.code(), absl::StatusCode::kInternal);
}

}  // namespace
}  // namespace tidemark::pg
