#include "common/origin/origin.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

constexpr std::string_view kGiven = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(RequestId, IsTheOneGiven) {
  EXPECT_EQ(OriginOf("!~Req-1", "").request_id, "!~Req-1");
  EXPECT_EQ(OriginOf(std::string(128, 'r'), "").request_id, std::string(128, 'r'));
}

TEST(RequestId, IsMadeWhenTheGivenOneWillNotDo) {
  const std::string too_long(129, 'r');
  for (const std::string& bad :
       {std::string(), std::string("a b"), std::string("a\n"), std::string("\xC3\xA9"), too_long}) {
    SCOPED_TRACE(bad);
    const std::string made = OriginOf(bad, "").request_id;
    EXPECT_EQ(made.size(), 16u);
    EXPECT_EQ(made.find_first_not_of("0123456789abcdef"), std::string::npos) << made;
  }
}

TEST(RequestId, IsMadeAnewEachTime) { EXPECT_NE(OriginOf("", "").request_id, OriginOf("", "").request_id); }

TEST(RequestId, SaysNothingOfTheTrace) {
  const Origin origin = OriginOf("", kGiven);
  EXPECT_EQ(origin.span.parent, SpanId{0xb7ad6b7169203331});
  EXPECT_NE(origin.request_id, "0af7651916cd43dd");
  EXPECT_NE(OriginOf("one", "").span.trace, OriginOf("one", "").span.trace);
}

}  // namespace
}  // namespace tidemark
