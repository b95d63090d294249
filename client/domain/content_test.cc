#include "client/domain/content.h"

#include <gtest/gtest.h>

#include "client/domain/task.h"
#include "common/status/error.h"

namespace tidemark::client {
namespace {

TEST(Content, IsTrimmedAndWithoutNul) {
  EXPECT_EQ(*ContentFrom(std::string_view(" milk\0 and bread\n", 17)), "milk and bread");
}

TEST(Content, MayBeAsLongAsTheServerTakesAndNoLonger) {
  EXPECT_TRUE(ContentFrom(std::string(kContentBytesMax, 'x')).ok());
  EXPECT_EQ(ErrorInfoOf(ContentFrom(std::string(kContentBytesMax + 1, 'x')).status()).code,
            Code::kValidation);
}

TEST(Content, OfBlanksAloneIsNone) {
  EXPECT_EQ(ErrorInfoOf(ContentFrom(" \t\n").status()).code, Code::kValidation);
}

TEST(Content, ThatIsNotUtf8IsRefused) {
  EXPECT_EQ(ErrorInfoOf(ContentFrom("\xff").status()).code, Code::kValidation);
}

}  // namespace
}  // namespace tidemark::client
