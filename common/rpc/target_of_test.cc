#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

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
           {"ipv6:%5B::1%5D:1,%5Bfd00::2%5D:2", "[::1]"}}) {
    SCOPED_TRACE(addresses);
    EXPECT_EQ(ServerNameOf(addresses), name);
  }
}

}  // namespace
}  // namespace tidemark::rpc
