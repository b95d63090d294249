#include "common/net/ip.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

std::string Parsed(std::string_view text) {
  const std::optional<IpAddress> address = ParseIpAddress(text);
  return address ? address->ToString() : "none";
}

bool Holds(std::string_view network, std::string_view address) {
  const std::optional<IpNetwork> parsed = ParseIpNetwork(network);
  EXPECT_TRUE(parsed) << network;
  return parsed && parsed->Contains(*ParseIpAddress(address));
}

TEST(IpAddress, IsWrittenInOneWay) {
  EXPECT_EQ(Parsed("192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(Parsed("2001:DB8:0:0:0:0:0:1"), "2001:db8::1");
  EXPECT_EQ(Parsed("::ffff:192.0.2.7"), "192.0.2.7");
  EXPECT_EQ(Parsed("fe80::1%eth0"), "fe80::1");
}

TEST(IpAddress, WhatIsNoneIsNotTaken) {
  for (const std::string_view text : {"", "unknown", "192.0.2", "192.0.2.256", "192.0.2.7:80", "[::1]",
                                      "::1 ", "2001:db8::1::2", "1.2.3.4/8"}) {
    EXPECT_EQ(Parsed(text), "none") << text;
  }
  EXPECT_EQ(Parsed(std::string_view("::1\0", 4)), "none");
}

TEST(IpAddress, FirstBitsAreItsNetwork) {
  const IpAddress address = *ParseIpAddress("2001:db8:1:ffff:3:4:5:6");
  EXPECT_EQ(address.FirstBits(64).ToString(), "2001:db8:1:ffff::");
  EXPECT_EQ(address.FirstBits(49).ToString(), "2001:db8:1:8000::");
  EXPECT_EQ(address.FirstBits(128), address);
  EXPECT_EQ(address.FirstBits(0), IpAddress());
}

TEST(IpNetwork, HoldsTheAddressesOfItsPrefix) {
  EXPECT_TRUE(Holds("10.0.0.0/8", "10.255.0.1"));
  EXPECT_FALSE(Holds("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(Holds("10.0.0.0/8", "::ffff:10.0.0.1"));
  EXPECT_TRUE(Holds("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(Holds("2001:db8::/32", "2001:db9::1"));
  EXPECT_TRUE(Holds("0.0.0.0/0", "192.0.2.7"));
  EXPECT_FALSE(Holds("0.0.0.0/0", "::1")) << "an IPv4 network holds no IPv6 address";
  EXPECT_TRUE(Holds("::1", "::1"));
  EXPECT_FALSE(Holds("127.0.0.1", "127.0.0.2"));
}

TEST(IpNetwork, WhatIsNoneIsNotTaken) {
  for (const std::string_view text :
       {"", "/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/8x", "10.0.0.1/8", "::/129", "all"}) {
    EXPECT_FALSE(ParseIpNetwork(text)) << text;
  }
}

TEST(Network, OfAnIpv4AddressIsTheAddress) { EXPECT_EQ(NetworkOf("192.0.2.1"), "192.0.2.1"); }

TEST(Network, OfAnIpv6AddressIsItsSlash64HoweverItIsSpelt) {
  for (const char* spelt :
       {"2001:db8::1", "2001:DB8::ffff", "2001:db8:0:0:1:2:3:4", "2001:0db8::1.2.3.4", "2001:db8::1%eth0"}) {
    EXPECT_EQ(NetworkOf(spelt), "2001:db8::/64") << spelt;
  }
  EXPECT_EQ(NetworkOf("::1"), "::/64");
  EXPECT_EQ(NetworkOf("fe80::"), "fe80::/64");
  EXPECT_NE(NetworkOf("2001:db8:0:1::1"), NetworkOf("2001:db8::1"));
}

TEST(Network, OfAMappedIpv4AddressIsThatAddress) { EXPECT_EQ(NetworkOf("::ffff:192.0.2.1"), "192.0.2.1"); }

TEST(Network, OfWhatIsNoAddressIsWhatWasGiven) {
  for (const char* text : {"", "unix", "localhost", ":::", "1::2::3", "12345::", "1:2:3", "g::1"}) {
    EXPECT_EQ(NetworkOf(text), text);
  }
}

}  // namespace
}  // namespace tidemark
