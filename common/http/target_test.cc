#include "common/http/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tidemark::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

TEST(Target, SplitsPathAndQuery) {
  const absl::StatusOr<Target> target = ParseTarget("/sync/check?device_id=web&x=1&x=2&flag&=v&&");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->path, "/sync/check");
  EXPECT_THAT(target->query, ElementsAre(Pair("device_id", "web"), Pair("x", "1"), Pair("x", "2"),
                                         Pair("flag", ""), Pair("", "v")));
}

TEST(Target, DecodesPercentEscapes) {
  const absl::StatusOr<Target> target = ParseTarget("/tasks/a%2Fb%c3%A9+c?n%26=v%3d%3F%20+");
  ASSERT_TRUE(target.ok());
  EXPECT_EQ(target->path, "/tasks/a/bé+c");
  EXPECT_THAT(target->query, ElementsAre(Pair("n&", "v=?  ")));
}

TEST(Target, TakesTheFormThatProxiesSend) {
  EXPECT_EQ(ParseTarget("http://example.com/a?b=c")->path, "/a");
  EXPECT_EQ(ParseTarget("http://example.com")->path, "/");
  EXPECT_EQ(ParseTarget("http://example.com:81/a")->authority, "example.com:81");
  EXPECT_EQ(ParseTarget("/a")->authority, "");
  EXPECT_THAT(ParseTarget("http://example.com")->query, IsEmpty());
}

TEST(Target, AStarIsTheServerAsAWhole) { EXPECT_EQ(ParseTarget("*")->path, "*"); }

TEST(Target, RefusesBadEscapes) {
  for (const char* bad :
       {"/%", "/%4", "/%zz", "/%4g", "/?a=%", "/?%=a", "/a%00b", "/%ff", "/?a=%c3", "/\xC3"}) {
    EXPECT_FALSE(ParseTarget(bad).ok()) << bad;
  }
}

TEST(Target, RefusesWhatIsNoPath) {
  for (const char* bad :
       {"", "**", "example.com:443", "a/b", "?a=b", "http://example.com?a=b", "ftp://a/b"}) {
    EXPECT_FALSE(ParseTarget(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace tidemark::http
