#include "client/cli/exit.h"

#include <gtest/gtest.h>

#include "common/status/error.h"

namespace tidemark::cli {
namespace {

TEST(Exit, EachCauseEndsInTheNumberThatScriptsKnow) {
  const auto number = [](const absl::Status& status, Asked asked = Asked::kService) {
    return static_cast<int>(ExitOf(status, asked));
  };
  EXPECT_EQ(number(absl::OkStatus()), 0);
  EXPECT_EQ(number(absl::DataLossError("x")), 1);
  EXPECT_EQ(number(absl::UnavailableError("x"), Asked::kStore), 1);
  EXPECT_EQ(number(absl::InvalidArgumentError("x")), 2);
  EXPECT_EQ(number(Error(Code::kValidation, "x")), 2);
  EXPECT_EQ(number(Error(Code::kNotFound, "x")), 3);
  EXPECT_EQ(number(absl::NotFoundError("x")), 3);
  EXPECT_EQ(number(Error(Code::kMissingToken, "x")), 4);
  EXPECT_EQ(number(absl::FailedPreconditionError("x")), 4);
  EXPECT_EQ(number(absl::UnavailableError("x")), 5);
  EXPECT_EQ(number(absl::DeadlineExceededError("x")), 5);
  EXPECT_EQ(number(absl::UnimplementedError("x")), 5);
  EXPECT_EQ(number(absl::ResourceExhaustedError("the local store: the disk is full")), 1);
  EXPECT_EQ(number(Error(Code::kRateLimited, "x")), 6);
  EXPECT_EQ(number(Error(Code::kEmailTaken, "x")), 6);
  EXPECT_EQ(number(absl::AbortedError("x")), 130);
}

TEST(Exit, TheStoreIsNotTakenForTheService) {
  for (const absl::Status& status :
       {absl::UnavailableError("the local store: database is locked"),
        absl::UnavailableError("the lock /tasks.db.sync: No locks available"),
        absl::DeadlineExceededError("the local store: another program is using it")}) {
    const Exit exit = ExitOf(status, Asked::kService);
    EXPECT_EQ(exit, Exit::kBroken) << status;
    EXPECT_NE(Explain(status, exit, {}).find(std::string(status.message())), std::string::npos) << status;
  }
}

TEST(Exit, AnExplanationSaysWhatToDoNext) {
  const auto explained = [](const absl::Status& status) {
    return Explain(status, ExitOf(status, Asked::kService),
                   {.command = "history", .server = "host:1", .folder = "/tasks"});
  };
  EXPECT_NE(explained(Error(Code::kMissingToken, "x")).find("tidemark login"), std::string::npos);
  EXPECT_NE(explained(absl::UnavailableError("x")).find("host:1"), std::string::npos);
  EXPECT_NE(explained(absl::FailedPreconditionError("x")).find("TIDEMARK_HOME"), std::string::npos);
  EXPECT_NE(explained(Error(Code::kRateLimited, "x", {.retry_after = absl::Minutes(5)})).find("in 5 min"),
            std::string::npos);
  EXPECT_NE(explained(absl::UnavailableError("nobody listens")).find("nobody listens"), std::string::npos);
  EXPECT_NE(explained(absl::UnavailableError("x")).find("tidemark history"), std::string::npos);
  EXPECT_NE(explained(absl::UnimplementedError("a web server")).find("--server SYNC,AUTH"),
            std::string::npos);
  EXPECT_NE(
      explained(absl::ResourceExhaustedError("the local store: the disk is full")).find("Free some space"),
      std::string::npos);
}

TEST(Exit, WhatSaysItselfWhatToDoIsLeftAsItIs) {
  const absl::Status status = absl::NotFoundError("it is deleted\nBring it back");
  EXPECT_EQ(Explain(status, Exit::kNoSuchTask, {}), "it is deleted\nBring it back");
}

}  // namespace
}  // namespace tidemark::cli
