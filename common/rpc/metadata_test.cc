#include "common/rpc/metadata.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace tidemark::rpc
