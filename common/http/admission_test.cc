#include "common/http/admission.h"

#include <gtest/gtest.h>

namespace tidemark::http {
namespace {

using Place = Admission::Place;

// How many of `tries` connections from an address are served.
int Served(Admission& admission, const std::string& address, int tries) {
  int served = 0;
  for (int i = 0; i < tries; ++i) served += admission.Enter(address) == Place::kServed ? 1 : 0;
  return served;
}

TEST(Admission, ServesUpToTheMaximum) {
  Admission admission({.connections_max = 3, .per_address_max = 3});
  EXPECT_EQ(Served(admission, "192.0.2.1", 2), 2);
  EXPECT_EQ(Served(admission, "192.0.2.2", 2), 1);
  admission.Leave(Place::kServed, "192.0.2.1");
  EXPECT_EQ(Served(admission, "192.0.2.3", 2), 1);
}

TEST(Admission, OneAddressLeavesRoomForOthers) {
  Admission admission({.connections_max = 100, .per_address_max = 2});
  EXPECT_EQ(Served(admission, "192.0.2.1", 50), 2);
  EXPECT_EQ(Served(admission, "192.0.2.2", 50), 2);
  admission.Leave(Place::kServed, "192.0.2.1");
  EXPECT_EQ(Served(admission, "192.0.2.1", 50), 1);
}

TEST(Admission, ANetworkOfIpv6CountsAsOneAddress) {
  Admission admission({.connections_max = 100, .per_address_max = 2});
  EXPECT_EQ(Served(admission, "2001:db8::1", 2), 2);
  EXPECT_EQ(Served(admission, "2001:db8::ffff:1", 1), 0);
  EXPECT_EQ(Served(admission, "2001:db8:0:1::1", 1), 1);
}

TEST(Admission, AnAddressThatManyShareHasTheWholeMaximum) {
  Admission admission({.connections_max = 10,
                       .per_address_max = 2,
                       .is_shared = [](const std::string& address) { return address == "192.0.2.1"; }});
  EXPECT_EQ(Served(admission, "192.0.2.1", 50), 10);
}

TEST(Admission, SoManyAreToldSoAndTheRestIsClosed) {
  Admission admission({.connections_max = 1, .per_address_max = 1});
  EXPECT_EQ(Served(admission, "192.0.2.1", 1), 1);
  for (int i = 0; i < kTurnedAwayMax; ++i) EXPECT_EQ(admission.Enter("192.0.2.2"), Place::kTurnedAway);
  EXPECT_EQ(admission.Enter("192.0.2.2"), Place::kNone);
  EXPECT_EQ(admission.connections(), 1 + kTurnedAwayMax);
  admission.Leave(Place::kTurnedAway, "192.0.2.2");
  EXPECT_EQ(admission.Enter("192.0.2.2"), Place::kTurnedAway);
}

TEST(Admission, WhenAllHaveLeftNothingIsLeft) {
  Admission admission({.connections_max = 2, .per_address_max = 2});
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(Served(admission, "192.0.2.1", 2), 2);
    admission.Leave(Place::kServed, "192.0.2.1");
    admission.Leave(Place::kServed, "192.0.2.1");
    EXPECT_EQ(admission.connections(), 0);
  }
}

}  // namespace
}  // namespace tidemark::http
