#include "services/auth/domain/network.h"

#include <gtest/gtest.h>

namespace tidemark::auth {
namespace {

TEST(Network, AHashTellsNetworksApartAndNeedsItsKey) {
  SecretKey key, other;
  other.bytes[0] = 1;
  EXPECT_EQ(HashOf("192.0.2.1", key), HashOf("192.0.2.1", key));
  EXPECT_NE(HashOf("192.0.2.1", key), HashOf("192.0.2.2", key));
  EXPECT_NE(HashOf("192.0.2.1", key), HashOf("192.0.2.1", other));
}

}  // namespace
}  // namespace tidemark::auth
