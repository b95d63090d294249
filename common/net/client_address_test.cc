#include "common/net/client_address.h"

#include <gtest/gtest.h>

namespace tidemark {
namespace {

std::string Client(const std::string& peer, const std::optional<std::string>& forwarded_for,
                   std::string_view trusted = "10.0.0.0/8, 2001:db8:1::/48") {
  return ClientAddress(peer, forwarded_for, *ParseProxies(trusted));
}

TEST(ClientAddress, IsThePeersUnlessThatIsATrustedProxy) {
  EXPECT_EQ(Client("192.0.2.7", std::nullopt), "192.0.2.7");
  EXPECT_EQ(Client("192.0.2.7", "198.51.100.1"), "192.0.2.7");
  EXPECT_EQ(Client("10.0.0.1", "198.51.100.1", ""), "10.0.0.1");
  EXPECT_EQ(Client("10.0.0.1", std::nullopt), "10.0.0.1");
}

TEST(ClientAddress, OfATrustedProxyIsTheLastUntrustedThatWasForwarded) {
  EXPECT_EQ(Client("10.0.0.1", "198.51.100.1"), "198.51.100.1");
  EXPECT_EQ(Client("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.2.3.4"), "198.51.100.1");
  EXPECT_EQ(Client("2001:db8:1::5", " 203.0.113.9 ,2001:db8:2::1"), "2001:db8:2::1");
}

TEST(ClientAddress, WhatAClientMadeUpIsNotBelieved) {
  EXPECT_EQ(Client("10.0.0.1", "127.0.0.1, 10.9.9.9, 198.51.100.1"), "198.51.100.1");
}

TEST(ClientAddress, WhereAllAreTrustedIsTheFirst) {
  EXPECT_EQ(Client("10.0.0.1", "10.1.1.1, 10.2.2.2"), "10.1.1.1");
}

TEST(ClientAddress, StopsAtWhatIsNoAddress) {
  EXPECT_EQ(Client("10.0.0.1", ""), "10.0.0.1");
  EXPECT_EQ(Client("10.0.0.1", "198.51.100.1, unknown"), "10.0.0.1");
  EXPECT_EQ(Client("10.0.0.1", "198.51.100.1, unknown, 10.2.2.2"), "10.2.2.2");
}

TEST(ClientAddress, IsWrittenInOneWay) {
  EXPECT_EQ(Client("::ffff:192.0.2.7", std::nullopt), "192.0.2.7");
  EXPECT_EQ(Client("::ffff:10.0.0.1", "2001:DB8:2:0::1"), "2001:db8:2::1");
}

TEST(Proxies, AreNetworksOrAddressesAndNothingElse) {
  EXPECT_EQ(ParseProxies("")->size(), 0u);
  EXPECT_EQ(ParseProxies("127.0.0.1,10.0.0.0/8 , ::1")->size(), 3u);
  EXPECT_EQ(ParseProxies("127.0.0.1,ingress").status().message(), "\"ingress\" is no address or network");
  EXPECT_FALSE(ParseProxies("127.0.0.1,").ok());
}

}  // namespace
}  // namespace tidemark
