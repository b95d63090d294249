#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/rpc/target.h"

namespace tidemark::rpc {
namespace {

TEST(TargetOf, OneAddressOrNameStaysAsItIs) {
  for (const char* one : {"127.0.0.1:50051", "[::1]:50051", "sync.example:50051", "dns:///sync.example:50051",
                          "ipv4:127.0.0.1:1,127.0.0.1:2"}) {
    SCOPED_TRACE(one);
    EXPECT_EQ(TargetOf(one).value_or("none"), one);
  }
}

TEST(TargetOf, SeveralAddressesAreOneTarget) {
  EXPECT_EQ(TargetOf("127.0.0.1:1,10.0.0.2:65535").value_or("none"), "ipv4:127.0.0.1:1,10.0.0.2:65535");
  EXPECT_EQ(TargetOf("[::1]:1,[fd00::2]:2").value_or("none"), "ipv6:%5B::1%5D:1,%5Bfd00::2%5D:2");
}

TEST(TargetOf, WhatGrpcCouldNotReachIsToldAtOnce) {
  for (const char* wrong : {"", "sync", "sync:", ":50051", "sync:0", "sync:65536", "sync:http",
                            "127.0.0.1:1,", "127.0.0.1:1,,127.0.0.1:2", "127.0.0.1:1, 127.0.0.1:2",
                            "a.example:1,b.example:2", "127.0.0.1:1,b.example:2", "127.0.0.1:1,[::1]:2"}) {
    SCOPED_TRACE(wrong);
    EXPECT_TRUE(absl::IsInvalidArgument(TargetOf(wrong).status()));
  }
}

std::string NameOf(const std::string& addresses) {
  const std::optional<HostAndPort> name = NameIn(addresses);
  return name ? absl::StrCat(name->host, " at ", name->port) : "none";
}

TEST(NameIn, IsTheOneThatHasAddressesWhicheverWayItIsWritten) {
  for (const char* target : {"sync.example:50051", "dns:sync.example:50051", "dns:///sync.example:50051"}) {
    SCOPED_TRACE(target);
    EXPECT_EQ(NameOf(target), "sync.example at 50051");
    EXPECT_TRUE(AddressesIn(target).empty());
  }
}

TEST(NameIn, IsNoneWhereGrpcAloneCanLookItUp) {
  EXPECT_EQ(NameOf("dns://192.0.2.1/sync.example:50051"), "none");
  EXPECT_EQ(NameOf("dns:///sync.example"), "none") << "without a port";
}

TEST(AddressesIn, AreThoseThatAreWrittenOutEachATargetOfItsOwn) {
  using Targets = std::vector<std::string>;
  const Targets ipv4 = {"ipv4:127.0.0.1:1", "ipv4:10.0.0.2:2"};
  const Targets ipv6 = {"ipv6:%5B::1%5D:1", "ipv6:%5Bfd00::2%5D:2"};
  EXPECT_EQ(AddressesIn("127.0.0.1:1,10.0.0.2:2"), ipv4);
  EXPECT_EQ(AddressesIn("ipv4:127.0.0.1:1,10.0.0.2:2"), ipv4);
  EXPECT_EQ(AddressesIn("[::1]:1,[fd00::2]:2"), ipv6);
  EXPECT_EQ(AddressesIn("ipv6:%5B::1%5D:1,[fd00::2]:2"), ipv6);
  EXPECT_EQ(AddressesIn("127.0.0.1:1"), Targets{"ipv4:127.0.0.1:1"});
  EXPECT_EQ(AddressesIn("dns:///127.0.0.1:1"), Targets{"ipv4:127.0.0.1:1"});
  EXPECT_EQ(NameOf("127.0.0.1:1"), "none");
}

TEST(ServerNameOf, TheHostOfTheAddressIsWhomACertificateMustName) {
  for (const auto& [addresses, name] : std::vector<std::pair<std::string, std::string>>{
           {"sync.example:50051", "sync.example"},
           {"dns:///sync.example:50051", "sync.example"},
           {"dns://10.0.0.53/sync.example:50051", "sync.example"},
           {"dns:sync.example:50051", "sync.example"},
           {"127.0.0.1:50051", "127.0.0.1"},
           {"127.0.0.1:1,10.0.0.2:2", "127.0.0.1"},
           {"ipv4:127.0.0.1:1,10.0.0.2:2", "127.0.0.1"},
           {"[::1]:50051", "[::1]"},
           {"ipv6:%5B::1%5D:1,%5Bfd00::2%5D:2", "[::1]"},
           {"ipv6:%5b::1%5d:1", "[::1]"}}) {
    SCOPED_TRACE(addresses);
    EXPECT_EQ(ServerNameOf(addresses), name);
  }
}

}  // namespace
}  // namespace tidemark::rpc
