#include <gtest/gtest.h>

#include "common/redis/client.h"

namespace tidemark::redis {
namespace {

TEST(Script, IsKnownByTheSha1OfItsSource) {
  EXPECT_EQ(Script("return 1").sha1(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
  EXPECT_EQ(Script("").sha1(), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

}  // namespace
}  // namespace tidemark::redis
