#include "client/transport/tells_code.h"

#include <gtest/gtest.h>

#include "common/status/error.h"

namespace tidemark::client {
namespace {

TEST(TellsCode, OnlyOfErrorsThatWereMadeWithOne) {
  EXPECT_TRUE(TellsCode(Error(Code::kUnavailable, "x")));
  EXPECT_FALSE(TellsCode(absl::UnavailableError("x")));
  EXPECT_FALSE(TellsCode(absl::OkStatus()));
}

}  // namespace
}  // namespace tidemark::client
