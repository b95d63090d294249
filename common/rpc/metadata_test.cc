#include "common/rpc/metadata.h"

#include <gtest/gtest.h>

#include "common/rpc/request_id.h"

namespace tidemark::rpc {
namespace {

TEST(MetadataValue, KeepsVisibleAsciiAndSpaces) {
  EXPECT_EQ(MetadataValue("Bearer a.b-c_d~"), "Bearer a.b-c_d~");
}

TEST(MetadataValue, ReplacesWhatHttp2Forbids) {
  EXPECT_EQ(MetadataValue(std::string_view("a\0b\r\nc\x7F\xC3\xA9", 9)), "a?b??c???");
}

TEST(PeerHost, IsTheAddressWithoutPort) {
  EXPECT_EQ(PeerHost("ipv4:10.0.0.1:5000"), "10.0.0.1");
  EXPECT_EQ(PeerHost("ipv6:%5B::1%5D:5000"), "::1");
  EXPECT_EQ(PeerHost("ipv6:[2001:db8::2]:5000"), "2001:db8::2");
}

TEST(PeerHost, TakesWhatHasNoPort) {
  EXPECT_EQ(PeerHost("unix:"), "");
  EXPECT_EQ(PeerHost("inproc"), "inproc");
}

TEST(RequestId, IsTheOneGiven) {
  EXPECT_EQ(RequestIdOr("!~Req-1"), "!~Req-1");
  EXPECT_EQ(RequestIdOr(std::string(128, 'r')), std::string(128, 'r'));
}

TEST(RequestId, IsMadeWhenTheGivenOneWillNotDo) {
  for (const std::string& bad : {std::string(), std::string(129, 'r'), std::string("a b"), std::string("a\n"),
                                 std::string("\xC3\xA9")}) {
    const std::string made = RequestIdOr(bad);
    EXPECT_NE(made, bad);
    EXPECT_EQ(made.size(), 16u);
    EXPECT_EQ(made.find_first_not_of("0123456789abcdef"), std::string::npos) << made;
  }
}

TEST(RequestId, IsMadeAnewEachTime) { EXPECT_NE(RequestIdOr(""), RequestIdOr("")); }

}  // namespace
}  // namespace tidemark::rpc
