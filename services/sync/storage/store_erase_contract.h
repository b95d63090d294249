// What every Store leaves of a user who is erased: nothing but that. Goes with store_contract.h.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <string>
#include <vector>

#include "services/sync/storage/store_contract.h"

namespace tidemark::sync {

class StoreEraseContract : public StoreContract {
 protected:
  bool Erase(const UserId& user, UnixMillis at = kNow, int rows_max = 1000) {
    return Wait<bool>([&] { return store().Erase(user, at, rows_max); });
  }
  static PurgePlan OfNotSeenSince(UnixMillis time) {
    return {.tombstones_through = {}, .values_through = {}, .devices_seen_before = time};
  }
  void Purge(const UserId& user, UnixMillis seen_before) {
    const DecidePurge decide = [seen_before](const PurgeState&) { return OfNotSeenSince(seen_before); };
    Wait<PurgedRows>([&] { return store().Purge(user, decide, 10); });
  }
  bool IsToPurge(const UserId& user, UnixMillis seen_before) {
    const UsersQuery query{.after = UserId(), .plan = OfNotSeenSince(seen_before), .users_max = 1000};
    const UsersToPurge found = Wait<UsersToPurge>([&] { return store().ReadUsersToPurge(query); });
    return std::find(found.users.begin(), found.users.end(), user) != found.users.end();
  }

  // One row of each kind, at least.
  void FillAll(const UserId& user) {
    PushResult result = ResultOf({TaskAt("a", 1), TombstoneAt("b", 2, 3)});
    result.state.head.version_sum = 5;
    result.state.head.live_count = 1;
    result.history = {EntryAt("a", 4, "old", Reason::kOverwritten)};
    result.conflicts = {ConflictAt(5)};
    result.state.ledgers[kPhone] = DeviceLedger{.device = kPhone, .highest = {3}, .applied = {}};
    Write(user, result);
  }

  std::vector<HistoryEntry> Histories(const UserId& user) {
    return Wait<std::vector<HistoryEntry>>(
        [&] { return store().ReadHistories(user, {.before = {}, .after = {0}, .rows_max = 10}); });
  }
  std::vector<DeviceStatus> Devices(const UserId& user) {
    return Wait<std::vector<DeviceStatus>>(
        [&] { return store().ReadDevices(user, {.seen_since = {0}, .devices_max = 10}); });
  }
  void ExpectNothing(const UserId& user) {
    const Snapshot found = Pull(user, Everything());
    EXPECT_EQ(found.head, Head());
    EXPECT_TRUE(found.delta.tasks.empty());
    EXPECT_TRUE(found.delta.conflicts.empty());
    EXPECT_TRUE(Histories(user).empty());
    EXPECT_TRUE(Devices(user).empty());
    EXPECT_TRUE(Load(user, Naming({"a", "b"}, {kPhone})).state.ledgers.empty());
  }
};

TEST_P(StoreEraseContract, NothingOfAnErasedUserIsLeft) {
  FillAll(user_);
  EXPECT_FALSE(Erase(user_));
  ExpectNothing(user_);
}

TEST_P(StoreEraseContract, OtherUsersKeepWhatTheyHave) {
  const UserId other = NewUser();
  FillAll(user_);
  FillAll(other);
  Erase(user_);
  EXPECT_THAT(Ids(PullDelta(other, Everything()).tasks), testing::ElementsAre("a", "b"));
  EXPECT_EQ(Histories(other).size(), 1u);
  EXPECT_FALSE(Load(other, {}).erased);
}

TEST_P(StoreEraseContract, APushSeesThatTheUserWasErased) {
  FillAll(user_);
  EXPECT_FALSE(Load(user_, {}).erased);
  Erase(user_);
  EXPECT_TRUE(Load(user_, {}).erased);
}

TEST_P(StoreEraseContract, AUserNeverHeardOfCanBeErasedToo) {
  EXPECT_FALSE(Erase(user_));
  EXPECT_TRUE(Load(user_, {}).erased);
}

TEST_P(StoreEraseContract, ErasingAgainChangesNothing) {
  FillAll(user_);
  Erase(user_);
  EXPECT_FALSE(Erase(user_, {kNow.value + 1}));
  ExpectNothing(user_);
  EXPECT_TRUE(Load(user_, {}).erased);
}

TEST_P(StoreEraseContract, ManyRowsGoInPiecesAndPushesAreRefusedFromTheFirst) {
  std::vector<TaskRow> tasks;
  for (int i = 0; i < 5; ++i) tasks.push_back(TaskAt("t" + std::to_string(i), i + 1));
  Write(user_, tasks);
  EXPECT_TRUE(Erase(user_, kNow, 2));
  EXPECT_TRUE(Load(user_, {}).erased);
  EXPECT_EQ(PullDelta(user_, Everything()).tasks.size(), 3u);
  EXPECT_TRUE(Erase(user_, kNow, 2));
  EXPECT_FALSE(Erase(user_, kNow, 2));
  ExpectNothing(user_);
}

TEST_P(StoreEraseContract, NoDeviceIsNotedAfterwards) {
  Erase(user_);
  const Sighting seen{.at = kNow, .device = kPhone, .cursor = {0}};
  EXPECT_TRUE(
      RunBlocking<absl::Status>(loops().Next(), [&] { return store().NoteDevice(user_, seen); }).ok());
  DeltaQuery query = Everything();
  query.seen = seen;
  Pull(user_, query);
  EXPECT_TRUE(Devices(user_).empty());
}

TEST_P(StoreEraseContract, APurgeForgetsThatAUserWasErasedInTime) {
  Erase(user_);
  EXPECT_FALSE(IsToPurge(user_, kNow));
  Purge(user_, kNow);
  EXPECT_TRUE(Load(user_, {}).erased);
  EXPECT_TRUE(IsToPurge(user_, {kNow.value + 1}));
  Purge(user_, {kNow.value + 1});
  EXPECT_FALSE(Load(user_, {}).erased);
  EXPECT_FALSE(IsToPurge(user_, {kNow.value + 1}));
}

// Whichever comes first.
TEST_P(StoreEraseContract, APushUnderWayLeavesNothingBehind) {
  for (int round = 0; round < 20; ++round) {
    const UserId user = NewUser();
    FillAll(user);
    auto erased = std::async(std::launch::async, [&] { return Erase(user); });
    Push(user, {}, [this](const PushLoad& load) -> std::optional<PushResult> {
      if (load.erased) return std::nullopt;
      PushResult result = ResultOf({TaskAt("late", 9)});
      return result;
    });
    erased.get();
    ExpectNothing(user);
  }
}

}  // namespace tidemark::sync
