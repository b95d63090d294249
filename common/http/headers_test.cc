#include <gtest/gtest.h>

#include "common/http/server.h"

namespace tidemark::http {
namespace {

TEST(Headers, NamesCompareWithoutCase) {
  Headers headers;
  headers.Append("Content-Type", "text/plain");
  EXPECT_EQ(headers.Get("content-TYPE"), "text/plain");
  EXPECT_EQ(headers.Get("Content-Typ"), std::nullopt);
}

TEST(Headers, JoinsRepeatedFields) {
  Headers headers;
  headers.Append("If-None-Match", "\"a\"");
  headers.Append("if-none-match", "\"b\"");
  EXPECT_EQ(headers.Get("If-None-Match"), "\"a\"");
  EXPECT_EQ(headers.GetJoined("If-None-Match"), "\"a\", \"b\"");
  EXPECT_EQ(headers.GetJoined("If-Match"), std::nullopt);
}

TEST(Headers, SetReplacesAllOfThatName) {
  Headers headers;
  headers.Append("X", "1");
  headers.Append("x", "2");
  headers.Set("X", "3");
  EXPECT_EQ(headers.GetJoined("x"), "3");
}

TEST(Request, QueryGivesTheFirstOfThatName) {
  Request request;
  request.query = {{"a", "1"}, {"b", ""}, {"a", "2"}};
  EXPECT_EQ(request.Query("a"), "1");
  EXPECT_EQ(request.Query("b"), "");
  EXPECT_EQ(request.Query("A"), std::nullopt);
}

}  // namespace
}  // namespace tidemark::http
