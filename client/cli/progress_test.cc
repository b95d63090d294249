#include "client/cli/progress.h"

#include <gtest/gtest.h>

namespace tidemark::cli {
namespace {

TEST(Progress, TheBarIsAsFullAsTheWorkIsDone) {
  EXPECT_EQ(Bar(0, 10, 10), "[          ]");
  EXPECT_EQ(Bar(5, 10, 10), "[#####     ]");
  EXPECT_EQ(Bar(10, 10, 10), "[##########]");
  // Edits that were made meanwhile.
  EXPECT_EQ(Bar(12, 10, 4), "[####]");
  EXPECT_EQ(Bar(0, 0, 4), "[####]");
}

}  // namespace
}  // namespace tidemark::cli
