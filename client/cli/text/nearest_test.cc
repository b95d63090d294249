#include "client/cli/text/nearest.h"

#include <gtest/gtest.h>

namespace tidemark::cli {
namespace {

const std::vector<std::string> kNames = {"add", "ls", "done", "undone", "status", "sync", "rm"};

TEST(NearestCommand, ASlipOfTheFingerIsForgiven) {
  EXPECT_EQ(NearestCommand("dnoe", kNames), "done");
  EXPECT_EQ(NearestCommand("statsu", kNames), "status");
  EXPECT_EQ(NearestCommand("syn", kNames), "sync");
}

TEST(NearestCommand, WhatOtherProgramsCallItIsKnown) {
  EXPECT_EQ(NearestCommand("list", kNames), "ls");
  EXPECT_EQ(NearestCommand("delete", kNames), "rm");
  EXPECT_EQ(NearestCommand("help", kNames), "--help");
}

TEST(NearestCommand, WhatIsLikeNoneIsNotGuessed) { EXPECT_EQ(NearestCommand("brew coffee", kNames), ""); }

}  // namespace
}  // namespace tidemark::cli
