#include <gtest/gtest.h>

#include "bench/users/device.h"

namespace tidemark::bench {
namespace {

TEST(BenchDevice, EditsItsTasksInTurnEachOneVersionOn) {
  EXPECT_EQ(NextEdit(0, 2), (Edit{.task = 1, .version = 2, .mutation = 3}));
  EXPECT_EQ(NextEdit(1, 2), (Edit{.task = 2, .version = 2, .mutation = 4}));
  EXPECT_EQ(NextEdit(2, 2), (Edit{.task = 1, .version = 3, .mutation = 5}));
}

TEST(BenchDevice, AnEtagIsReadAsItWasWritten) {
  const DeviceState state{.live_count = 12, .cursor = 1735689800000, .version_sum = 40, .edits = 7};
  EXPECT_EQ(EtagOf(state), "\"12-1735689800000-40\"");
  EXPECT_EQ(WithEtag(DeviceState{.edits = 7}, EtagOf(state)), state);
}

TEST(BenchDevice, WhatIsNoEtagIsNotTakenForOne) {
  for (const char* text : {"", "\"", "12-5-40", "\"12-5\"", "\"12-x-40\"", "\"1-2-3-4\""}) {
    EXPECT_EQ(WithEtag({}, text), std::nullopt) << text;
  }
}

TEST(BenchDevice, AStaleEtagIsNotTheCurrentOne) {
  const DeviceState state{.live_count = 1, .cursor = 5, .version_sum = 1};
  EXPECT_NE(StaleEtagOf(state), EtagOf(state));
}

}  // namespace
}  // namespace tidemark::bench
