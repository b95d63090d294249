#include "services/auth/domain/network.h"

#include <gtest/gtest.h>

namespace tidemark::auth {
namespace {

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

TEST(Network, AHashTellsNetworksApartAndNeedsItsKey) {
  SecretKey key, other;
  other.bytes[0] = 1;
  EXPECT_EQ(HashOf("192.0.2.1", key), HashOf("192.0.2.1", key));
  EXPECT_NE(HashOf("192.0.2.1", key), HashOf("192.0.2.2", key));
  EXPECT_NE(HashOf("192.0.2.1", key), HashOf("192.0.2.1", other));
}

}  // namespace
}  // namespace tidemark::auth
