#include "common/status/error.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace tidemark {
namespace {

std::vector<Code> AllCodes() {
  std::vector<Code> codes;
  for (int i = 0; i <= static_cast<int>(Code::kUnavailable); ++i) codes.push_back(static_cast<Code>(i));
  return codes;
}

TEST(ErrorTable, EachCodeIsFoundAgainByItsName) {
  std::set<std::string_view> names;
  for (Code code : AllCodes()) {
    const CodeInfo& info = InfoOf(code);
    EXPECT_EQ(info.code, code);
    EXPECT_EQ(CodeNamed(info.name), code) << info.name;
    EXPECT_FALSE(info.title.empty()) << info.name;
    names.insert(info.name);
  }
  EXPECT_EQ(names.size(), AllCodes().size());
  EXPECT_EQ(CodeNamed("no_such_code"), std::nullopt);
}

TEST(ErrorTable, HttpAndGrpcAgreeAsTheSpecMapsThem) {
  const struct {
    int http;
    absl::StatusCode grpc;
  } kMapping[] = {
      {401, absl::StatusCode::kUnauthenticated},   {400, absl::StatusCode::kInvalidArgument},
      {422, absl::StatusCode::kInvalidArgument},   {404, absl::StatusCode::kNotFound},
      {409, absl::StatusCode::kAlreadyExists},     {429, absl::StatusCode::kResourceExhausted},
      {413, absl::StatusCode::kResourceExhausted}, {503, absl::StatusCode::kUnavailable},
  };
  for (const auto& row : kMapping) {
    int seen = 0;
    for (Code code : AllCodes()) {
      if (InfoOf(code).http_status != row.http) continue;
      ++seen;
      EXPECT_EQ(InfoOf(code).status_code, row.grpc) << InfoOf(code).name;
    }
    EXPECT_GT(seen, 0) << row.http;
  }
}

TEST(Error, KeepsCodeDetailAndDetails) {
  const absl::Status status =
      Error(Code::kValidation, "limit is 1…1000, got 1001",
            {.pointer = "/changes/0/a~1b\nc", .retry_after = absl::Milliseconds(1500)});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(std::string(status.message()), "limit is 1…1000, got 1001");

  const ErrorInfo info = ErrorInfoOf(status);
  EXPECT_EQ(info.code, Code::kValidation);
  EXPECT_EQ(info.details.pointer, "/changes/0/a~1b\nc");
  EXPECT_EQ(info.details.retry_after, absl::Milliseconds(1500));
}

TEST(Error, WithoutDetailsHasNone) {
  for (Code code : AllCodes()) {
    const ErrorInfo info = ErrorInfoOf(Error(code, "why"));
    EXPECT_EQ(info.code, code);
    EXPECT_EQ(info.details.pointer, "");
    EXPECT_EQ(info.details.retry_after, std::nullopt);
  }
}

TEST(ErrorInfoOf, ClassesForeignStatusesByWhetherTheyPass) {
  EXPECT_EQ(ErrorInfoOf(absl::UnavailableError("x")).code, Code::kUnavailable);
  EXPECT_EQ(ErrorInfoOf(absl::DeadlineExceededError("x")).code, Code::kUnavailable);
  EXPECT_EQ(ErrorInfoOf(absl::AlreadyExistsError("x")).code, Code::kInternal);
  EXPECT_EQ(ErrorInfoOf(absl::UnknownError("x")).code, Code::kInternal);
}

TEST(ErrorInfoOf, IgnoresAPayloadItCannotRead) {
  for (const char* payload : {"", "validation", "validation\n5", "nonsense\n\n", "\n\n"}) {
    absl::Status status = absl::UnavailableError("x");
    status.SetPayload("tidemark/error-info", absl::Cord(payload));
    EXPECT_EQ(ErrorInfoOf(status).code, Code::kUnavailable) << payload;
  }
}

TEST(RetryAfterSeconds, RoundsUpAndIsAtLeastOne) {
  EXPECT_EQ(RetryAfterSeconds(absl::Milliseconds(1)), 1);
  EXPECT_EQ(RetryAfterSeconds(absl::Milliseconds(1000)), 1);
  EXPECT_EQ(RetryAfterSeconds(absl::Milliseconds(1001)), 2);
  EXPECT_EQ(RetryAfterSeconds(absl::ZeroDuration()), 1);
  EXPECT_EQ(RetryAfterSeconds(absl::Hours(-3)), 1);
}

}  // namespace
}  // namespace tidemark
