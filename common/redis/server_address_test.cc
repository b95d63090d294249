#include "common/redis/server_address.h"

#include <gtest/gtest.h>

namespace tidemark::redis {
namespace {

TEST(ParseServerAddress, TakesHostAndPort) {
  const absl::StatusOr<ServerAddress> address = ParseServerAddress("redis://127.0.0.1:26379");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->host, "127.0.0.1");
  EXPECT_EQ(address->port, "26379");
  EXPECT_EQ(address->password, "");
  EXPECT_EQ(address->database, "");
}

TEST(ParseServerAddress, TakesPasswordAndDatabase) {
  const absl::StatusOr<ServerAddress> address = ParseServerAddress("redis://:p%40ss%3Aword@redis.tidemark/7");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->host, "redis.tidemark");
  EXPECT_EQ(address->port, "6379");
  EXPECT_EQ(address->password, "p@ss:word");
  EXPECT_EQ(address->database, "7");
}

TEST(ParseServerAddress, TakesAnIpV6AddressWithoutItsBrackets) {
  const absl::StatusOr<ServerAddress> address = ParseServerAddress("redis://[::1]:6380/");
  ASSERT_TRUE(address.ok()) << address.status();
  EXPECT_EQ(address->host, "::1");
  EXPECT_EQ(address->database, "");
}

TEST(ParseServerAddress, RefusesWhatIsNoRedisUrlAndKeepsThePasswordToItself) {
  for (const char* url : {"", "127.0.0.1:6379", "http://host:6379", "redis://", "redis://:secret@:6379",
                          "redis://:secret@host:65x", "redis://:secret@host/tasks"}) {
    const absl::StatusOr<ServerAddress> address = ParseServerAddress(url);
    EXPECT_EQ(address.status().code(), absl::StatusCode::kInvalidArgument) << url;
    EXPECT_EQ(std::string(address.status().message()).find("secret"), std::string::npos) << address.status();
  }
}

}  // namespace
}  // namespace tidemark::redis
