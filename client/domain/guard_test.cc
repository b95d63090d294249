#include "client/domain/guard.h"

#include <gtest/gtest.h>

namespace tidemark::client {
namespace {

TEST(Guard, HoldsMoreThanHalf) {
  EXPECT_FALSE(IsMassChange(10, 20));
  EXPECT_TRUE(IsMassChange(11, 20));
}

TEST(Guard, DoesNotMindFewTasks) {
  EXPECT_FALSE(IsMassChange(19, 19));
  EXPECT_TRUE(IsMassChange(20, 20));
}

}  // namespace
}  // namespace tidemark::client
