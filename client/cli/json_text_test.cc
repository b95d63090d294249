#include "client/cli/json_text.h"

#include <gtest/gtest.h>

namespace tidemark::cli {
namespace {

TEST(JsonText, AnObjectHasItsFieldsInOrder) {
  EXPECT_EQ(JsonObject()
                .Add("a", "x\"\n")
                .Add("b", true)
                .Add("c", int64_t{-5})
                .AddJson("d", JsonArray({"1", "2"}))
                .text(),
            R"({"a":"x\"\n","b":true,"c":-5,"d":[1,2]})");
  EXPECT_EQ(JsonObject().text(), "{}");
}

}  // namespace
}  // namespace tidemark::cli
