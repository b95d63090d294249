// What every Store holds about the data set as a whole: its epoch, generation, and the suspension of the
// cache.
#pragma once

#include <optional>

#include "services/sync/storage/store_contract.h"

namespace tidemark::sync {

// Nobody uses the cache, and no push goes on under the old generation.
TEST_P(StoreContract, SuspendingTheCacheRaisesTheGenerationAndKeepsTheEpoch) {
  const DataSetState before = ReadDataSet();
  EXPECT_FALSE(before.epoch.empty());
  EXPECT_EQ(before.suspended_for, absl::ZeroDuration());
  EXPECT_GT(before.generation_age, absl::Hours(1));
  const DataSetState suspended = Suspend(absl::Hours(1), absl::Minutes(1));
  EXPECT_EQ(suspended.generation, before.generation + 1);
  EXPECT_LT(suspended.generation_age, absl::Minutes(1));
  EXPECT_GT(suspended.suspended_for, absl::Minutes(59));
  EXPECT_LE(suspended.suspended_for, absl::Hours(1));
  EXPECT_EQ(suspended.epoch, before.epoch);
  EXPECT_EQ(ReadDataSet().generation, suspended.generation);
}

TEST_P(StoreContract, ASuspensionWithMoreThanTheMarginToGoIsProlongedUnderItsGeneration) {
  const DataSetState first = Suspend(absl::Hours(1), absl::Minutes(1));
  const DataSetState second = Suspend(absl::Hours(2), absl::Minutes(1));
  EXPECT_EQ(second.generation, first.generation);
  EXPECT_GT(second.suspended_for, absl::Hours(1));
  const DataSetState third = Suspend(absl::Hours(1), absl::Hours(2));
  EXPECT_EQ(third.generation, first.generation + 1);
  EXPECT_GT(third.suspended_for, absl::Hours(1)) << "a shorter suspension ended a longer one";
}

TEST_P(StoreContract, APushSeesTheDataSetAsItIs) {
  const DataSetState suspended = Suspend(absl::Hours(1), absl::Minutes(1));
  std::optional<DataSetState> seen;
  Push(user_, {}, [&seen](const PushLoad& load) {
    seen = load.data_set;
    return std::nullopt;
  });
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->epoch, suspended.epoch);
  EXPECT_EQ(seen->generation, suspended.generation);
  EXPECT_GT(seen->suspended_for, absl::Minutes(59));
}

}  // namespace tidemark::sync
