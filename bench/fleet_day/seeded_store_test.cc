#include "bench/fleet_day/seeded_store.h"

#include <gtest/gtest.h>

#include "client/domain/view.h"
#include "client/engine/local_tasks.h"

namespace tidemark::fleet {
namespace {

constexpr UnixMillis kNow{1'772'409'600'000};
const TaskId kMilk("milk");

class SeededStoreTest : public testing::Test {
 protected:
  std::optional<client::Task> Seen(const TaskId& id) {
    std::optional<client::Task> seen;
    EXPECT_TRUE(store_
                    .Read([&](client::Transaction& tx) {
                      seen = client::FindVisible(tx.Get(id));
                      return absl::OkStatus();
                    })
                    .ok());
    return seen;
  }
  int64_t Pending() {
    int64_t pending = 0;
    EXPECT_TRUE(store_
                    .Read([&](client::Transaction& tx) {
                      pending = tx.CountPending();
                      return absl::OkStatus();
                    })
                    .ok());
    return pending;
  }

  SeededStore store_{[](const TaskId& id) -> std::optional<client::Row> {
    if (id != kMilk) return std::nullopt;
    client::Row row{.id = id, .version = {1}};
    row.content = "Buy milk";
    return row;
  }};
};

TEST_F(SeededStoreTest, ATaskThatNobodyTouchedIsThereAndOnlyThatOne) {
  EXPECT_EQ(Seen(kMilk)->content, "Buy milk");
  EXPECT_FALSE(Seen(TaskId("bread")));
  EXPECT_EQ(Pending(), 0);
}

TEST_F(SeededStoreTest, AnEditOfOneStays) {
  ASSERT_TRUE(client::ChangeTask(store_, kMilk, {.completed = true}, kNow).ok());
  EXPECT_TRUE(Seen(kMilk)->completed);
  EXPECT_EQ(Seen(kMilk)->content, "Buy milk");
  EXPECT_EQ(Pending(), 1);
}

TEST_F(SeededStoreTest, ATaskThatWasTakenOutDoesNotComeBack) {
  ASSERT_TRUE(store_
                  .Write([](client::Transaction& tx) {
                    tx.Put({.id = kMilk});
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_FALSE(Seen(kMilk));
}

}  // namespace
}  // namespace tidemark::fleet
