// What every Store keeps of devices, and what its purge removes. Goes with store_contract.h.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "services/sync/storage/store_contract.h"

namespace tidemark::sync {

class StoreDevicesContract : public StoreContract {
 protected:
  // A user with a head at `high_water`.
  void RaiseHead(int64_t high_water) {
    PushResult result;
    result.state.head.high_water = {high_water};
    Write(user_, result);
  }

  void Note(const DeviceId& device, int64_t cursor, int64_t at) {
    const Sighting seen{.at = {at}, .device = device, .cursor = {cursor}};
    const absl::Status noted =
        RunBlocking<absl::Status>(loops().Next(), [&] { return store().NoteDevice(user_, seen); });
    EXPECT_TRUE(noted.ok()) << noted;
  }
  void NoteV1(int64_t at) {
    const absl::Status noted =
        RunBlocking<absl::Status>(loops().Next(), [&] { return store().NoteV1(user_, UnixMillis{at}); });
    EXPECT_TRUE(noted.ok()) << noted;
  }

  std::vector<DeviceStatus> Devices(int64_t seen_since = 0, int devices_max = 100) {
    const DevicesQuery query{.seen_since = {seen_since}, .devices_max = devices_max};
    return Wait<std::vector<DeviceStatus>>([&] { return store().ReadDevices(user_, query); });
  }
  // "phone 10 @5 -2": cursor, when it was seen, how many changes it is behind.
  std::vector<std::string> Told(int64_t seen_since = 0, int devices_max = 100) {
    std::vector<std::string> told;
    for (const DeviceStatus& device : Devices(seen_since, devices_max)) {
      told.push_back(device.device.value() + " " + std::to_string(device.cursor.value) + " @" +
                     std::to_string(device.last_seen.value) + " -" + std::to_string(device.changes_behind));
    }
    return told;
  }

  PurgeState SeenByPurge() {
    PurgeState seen;
    const DecidePurge look = [&seen](const PurgeState& state) {
      seen = state;
      return PurgePlan();
    };
    Purge(look);
    return seen;
  }
  PurgedRows Purge(const DecidePurge& decide, int rows_max = 500) {
    return Wait<PurgedRows>([&] { return store().Purge(user_, decide, rows_max); });
  }
  PurgedRows Purge(const PurgePlan& plan, int rows_max = 500) {
    return Purge([plan](const PurgeState&) { return plan; }, rows_max);
  }

  // True if a purge by `plan` looks at user_; `page` users are read at a time.
  bool IsToPurge(const PurgePlan& plan, int page = 1'000) {
    UsersQuery query{.after = {}, .plan = plan, .users_max = page};
    for (;;) {
      const UsersToPurge found = Wait<UsersToPurge>([&] { return store().ReadUsersToPurge(query); });
      if (std::find(found.users.begin(), found.users.end(), user_) != found.users.end()) return true;
      if (!found.next_after) return false;
      query.after = *found.next_after;
    }
  }

  static HistoryEntry ReplacedAt(int64_t at) { return EntryAt("t", at, "milk", Reason::kOverwritten); }
};

TEST_P(StoreDevicesContract, ADeviceIsToldWithWhatItConfirmedLast) {
  RaiseHead(50);
  EXPECT_THAT(Told(), testing::IsEmpty());
  Note(kPhone, 20, 1'000);
  EXPECT_THAT(Told(), testing::ElementsAre("phone 20 @1000 -0"));
  Note(kPhone, 50, 2'000);
  EXPECT_THAT(Told(), testing::ElementsAre("phone 50 @2000 -0"));
  Note(kPhone, 0, 3'000);
  EXPECT_THAT(Told(), testing::ElementsAre("phone 0 @3000 -0")) << "it began anew";
  Note(kPhone, 50, 2'500);
  EXPECT_THAT(Told(), testing::ElementsAre("phone 50 @3000 -0")) << "another process' clock is behind";
}

TEST_P(StoreDevicesContract, ACursorBeyondTheHeadConfirmsNothing) {
  Note(kPhone, 0, 1'000);
  Note(kPhone, 1, 2'000);
  EXPECT_THAT(Told(), testing::ElementsAre("phone 0 @1000 -0"));
  RaiseHead(50);
  Note(kPhone, 51, 2'000);
  Note(kLaptop, 51, 2'000);
  EXPECT_THAT(Told(), testing::ElementsAre("phone 0 @1000 -0"));
}

TEST_P(StoreDevicesContract, DevicesAreBehindByWhatChangedAfterTheirCursorDeletionsIncluded) {
  Write(user_, {TaskAt("a", 10), TaskAt("b", 20), TombstoneAt("c", 30, 30)});
  Note(kPhone, 10, 1'000);
  Note(kLaptop, 30, 1'000);
  Note(kWeb, 0, 1'000);
  EXPECT_THAT(Told(), testing::ElementsAre("laptop 30 @1000 -0", "phone 10 @1000 -2", "web 0 @1000 -3"));
}

TEST_P(StoreDevicesContract, ADeviceIsUpToDateOnceItHasHeardOfConflictsToo) {
  Write(user_, {TaskAt("a", 10)});
  Note(kPhone, 10, 1'000);
  EXPECT_TRUE(Devices().at(0).up_to_date);
  PushResult conflict = ResultOf({});
  conflict.state.head.high_water = {11};
  conflict.conflicts = {ConflictAt(11)};
  Write(user_, conflict);
  EXPECT_EQ(Devices().at(0).changes_behind, 0);
  EXPECT_FALSE(Devices().at(0).up_to_date);
  Note(kPhone, 11, 2'000);
  EXPECT_TRUE(Devices().at(0).up_to_date);
}

TEST_P(StoreDevicesContract, DevicesAreToldLatestFirstUpToALimitAndNotWhenLongUnseen) {
  RaiseHead(50);
  Note(kPhone, 1, 1'000);
  Note(kLaptop, 2, 3'000);
  Note(kWeb, 3, 2'000);
  EXPECT_THAT(Told(2'000), testing::ElementsAre("laptop 2 @3000 -0", "web 3 @2000 -0"));
  EXPECT_THAT(Told(0, 1), testing::ElementsAre("laptop 2 @3000 -0"));
}

TEST_P(StoreDevicesContract, DevicesOfAnotherUserAreNotTold) {
  Note(kPhone, 0, 1'000);
  const DevicesQuery query{.seen_since = {}, .devices_max = 100};
  EXPECT_THAT(Wait<std::vector<DeviceStatus>>([&] { return store().ReadDevices(NewUser(), query); }),
              testing::IsEmpty());
}

TEST_P(StoreDevicesContract, APullNotesWhoAsksAfterItsRowsWereRead) {
  Write(user_, {TaskAt("a", 10)});
  DeltaQuery query = Everything();
  query.seen = Sighting{.at = {1'000}, .device = kPhone, .cursor = {10}};
  EXPECT_EQ(Pull(user_, query).delta.tasks.size(), 1u);
  EXPECT_THAT(Told(), testing::ElementsAre("phone 10 @1000 -0"));
  query.seen->cursor = {11};
  EXPECT_EQ(Pull(user_, query).delta.tasks.size(), 1u);
  EXPECT_THAT(Told(), testing::ElementsAre("phone 10 @1000 -0"));
}

TEST_P(StoreDevicesContract, APullOfNoDeviceNotesNothing) {
  DeltaQuery query = Everything();
  query.seen = Sighting{.at = {1'000}, .device = {}, .cursor = {}};
  Pull(user_, query);
  EXPECT_THAT(Told(), testing::IsEmpty());
}

TEST_P(StoreDevicesContract, APushNotesWhoAsksAndItsOtherWritersAsSeen) {
  RaiseHead(40);
  Note(kLaptop, 30, 500);
  PushQuery query = Naming({}, {kPhone, kLaptop});
  query.delta.seen = Sighting{.at = {1'000}, .device = kPhone, .cursor = {20}};
  Push(user_, query, [](const PushLoad& load) {
    PushResult result;
    result.state = load.state;
    result.state.head.high_water = {50};
    result.state.ledgers[kLaptop] = {.device = kLaptop, .highest = {7}, .applied = {}};
    return result;
  });
  EXPECT_THAT(Told(), testing::ElementsAre("laptop 30 @1000 -0", "phone 20 @1000 -0"));
  EXPECT_EQ(Load(user_, query).state.ledgers.at(kLaptop).highest, MutationId{7});
}

TEST_P(StoreDevicesContract, APushThatIsNotStoredNotesNothing) {
  PushQuery query = Naming({}, {kPhone});
  query.delta.seen = Sighting{.at = {1'000}, .device = kPhone, .cursor = {}};
  Push(user_, query, [](const PushLoad&) { return std::nullopt; });
  EXPECT_THAT(Told(), testing::IsEmpty());
}

TEST_P(StoreDevicesContract, NotingADeviceLeavesItsNumbersAlone) {
  PushResult result;
  result.state.ledgers[kPhone] = {.device = kPhone, .highest = {4}, .applied = {{{4}, 99, "bad_version"}}};
  Write(user_, result);
  Note(kPhone, 0, 1'000);
  EXPECT_EQ(Load(user_, Naming({}, {kPhone})).state.ledgers.at(kPhone), result.state.ledgers.at(kPhone));
}

TEST_P(StoreDevicesContract, APurgeDecidesByDevicesAndV1) {
  RaiseHead(50);
  EXPECT_EQ(SeenByPurge().v1_seen, UnixMillis{0});
  Note(kPhone, 20, 1'000);
  Note(kLaptop, 30, 2'000);
  NoteV1(3'000'000'000);
  const PurgeState seen = SeenByPurge();
  EXPECT_EQ(seen.v1_seen, UnixMillis{3'000'000'000});
  std::map<Stamp, UnixMillis> progress;
  for (const DeviceProgress& device : seen.devices) progress[device.cursor] = device.last_seen;
  EXPECT_EQ(progress, (std::map<Stamp, UnixMillis>{{{20}, {1'000}}, {{30}, {2'000}}}));
}

TEST_P(StoreDevicesContract, V1IsNotedOnceADay) {
  constexpr int64_t kFirst = 3'000'000'000;
  NoteV1(kFirst);
  NoteV1(kFirst + kDayMillis);
  EXPECT_EQ(SeenByPurge().v1_seen, UnixMillis{kFirst});
  NoteV1(kFirst + kDayMillis + 1);
  EXPECT_EQ(SeenByPurge().v1_seen, UnixMillis{kFirst + kDayMillis + 1});
}

TEST_P(StoreDevicesContract, APurgeRemovesTombstonesByTheirRowsStampAndNothingThatLives) {
  Write(user_, {TaskAt("alive", 10), TombstoneAt("old", 20, 20), TombstoneAt("touched", 25, 40)});
  const PurgedRows removed =
      Purge({.tombstones_through = {30}, .values_through = {}, .devices_seen_before = {}});
  EXPECT_EQ(removed, PurgedRows{.tombstones = 1});
  EXPECT_THAT(Ids(PullDelta(user_, Everything()).tasks), testing::ElementsAre("alive", "touched"));
}

TEST_P(StoreDevicesContract, APurgeRaisesPurgedThroughToTheNewestThatWentAndNeverLowersIt) {
  Write(user_, {TombstoneAt("a", 10, 10), TombstoneAt("b", 20, 20), TaskAt("c", 50)});
  const Head before = ReadHead(user_);
  Purge({.tombstones_through = {30}, .values_through = {}, .devices_seen_before = {}});
  Head after = before;
  after.purged_through = {20};
  EXPECT_EQ(ReadHead(user_), after);
  Purge({.tombstones_through = {60}, .values_through = {}, .devices_seen_before = {}});
  EXPECT_EQ(ReadHead(user_), after) << "nothing went";
}

TEST_P(StoreDevicesContract, APurgeThatIsCutGoesOnFromTheOldest) {
  Write(user_, {TombstoneAt("a", 10, 10), TombstoneAt("c", 30, 30), TombstoneAt("b", 20, 20)});
  const PurgePlan plan{.tombstones_through = {30}, .values_through = {}, .devices_seen_before = {}};
  EXPECT_EQ(Purge(plan, 2).tombstones, 2);
  EXPECT_EQ(ReadHead(user_).purged_through, Stamp{20});
  EXPECT_THAT(Ids(PullDelta(user_, Everything()).tasks), testing::ElementsAre("c"));
  EXPECT_EQ(Purge(plan, 2).tombstones, 1);
  EXPECT_EQ(Purge(plan, 2), PurgedRows());
}

TEST_P(StoreDevicesContract, APurgeRemovesOldHistoryAndConflictsAlone) {
  PushResult result;
  for (int64_t at : {10, 20, 30}) {
    result.history.push_back(ReplacedAt(at));
    result.conflicts.push_back(ConflictAt(at));
  }
  result.state.head.high_water = {30};
  Write(user_, result);
  const PurgePlan plan{.tombstones_through = {}, .values_through = {20}, .devices_seen_before = {}};
  EXPECT_EQ(Purge(plan, 1), (PurgedRows{.tombstones = 0, .history = 1, .conflicts = 1}));
  EXPECT_EQ(Purge(plan), (PurgedRows{.tombstones = 0, .history = 1, .conflicts = 1}));
  EXPECT_EQ(PullDelta(user_, Everything()).conflicts, std::vector<Conflict>{ConflictAt(30)});
  const HistoryQuery all{.task = TaskId("t"), .after = {}, .entries_max = 10};
  EXPECT_EQ(Wait<History>([&] { return store().ReadHistory(user_, all); }).entries,
            std::vector<HistoryEntry>{ReplacedAt(30)});
  EXPECT_EQ(ReadHead(user_).purged_through, Stamp{0}) << "these leave no ghosts";
}

TEST_P(StoreDevicesContract, APurgeRemovesDevicesOutOfUseWithTheirNumbers) {
  RaiseHead(50);
  for (const DeviceId& device : {kPhone, kLaptop}) {
    PushQuery query = Naming({}, {device});
    query.delta.seen = Sighting{.at = {device == kPhone ? 1'000 : 2'000}, .device = device, .cursor = {}};
    Push(user_, query, [&device](const PushLoad& load) {
      PushResult result;
      result.state = load.state;
      result.state.ledgers[device] = {.device = device, .highest = {4}, .applied = {}};
      return result;
    });
  }
  EXPECT_EQ(Purge({.tombstones_through = {}, .values_through = {}, .devices_seen_before = {2'000}}).devices,
            1);
  EXPECT_THAT(Told(), testing::ElementsAre("laptop 0 @2000 -0"));
  EXPECT_THAT(Load(user_, Naming({}, {kPhone, kLaptop})).state.ledgers,
              testing::ElementsAre(testing::Key(kLaptop)));
}

TEST_P(StoreDevicesContract, APurgeTouchesOneUserAlone) {
  const UserId other = NewUser();
  Write(other, {TombstoneAt("a", 10, 10)});
  Write(user_, {TombstoneAt("a", 10, 10)});
  Purge({.tombstones_through = {30}, .values_through = {30}, .devices_seen_before = {30}});
  EXPECT_THAT(Ids(PullDelta(other, Everything()).tasks), testing::ElementsAre("a"));
  EXPECT_EQ(ReadHead(other).purged_through, Stamp{0});
}

TEST_P(StoreDevicesContract, UsersToPurgeAreThoseOfWhomSomethingMayGo) {
  const PurgePlan plan{.tombstones_through = {}, .values_through = {20}, .devices_seen_before = {1'000}};
  Write(user_, {TaskAt("alive", 10)});
  EXPECT_FALSE(IsToPurge(plan));
  Write(user_, {TombstoneAt("a", 30, 30)});
  EXPECT_TRUE(IsToPurge(plan)) << "a tombstone, whatever its age";
  Write(user_, {TaskAt("a", 31)});
  EXPECT_FALSE(IsToPurge(plan));

  PushResult result;
  result.state.head.high_water = {40};
  result.history = {ReplacedAt(21)};
  result.conflicts = {ConflictAt(21)};
  Write(user_, result);
  Note(kPhone, 0, 1'000);
  EXPECT_FALSE(IsToPurge(plan)) << "all is young";
  EXPECT_TRUE(IsToPurge({.tombstones_through = {}, .values_through = {21}, .devices_seen_before = {}}));
  EXPECT_TRUE(IsToPurge({.tombstones_through = {}, .values_through = {}, .devices_seen_before = {1'001}}));
}

TEST_P(StoreDevicesContract, UsersToPurgeAreFoundInPages) {
  for (int i = 0; i < 3; ++i) Write(NewUser(), {TombstoneAt("a", 30, 30)});
  Write(user_, {TombstoneAt("a", 30, 30)});
  EXPECT_TRUE(IsToPurge({}, 1));
  EXPECT_TRUE(IsToPurge({}, 2));
}

TEST_P(StoreDevicesContract, TwoPurgesAtOnceAndAPushRemoveEachTombstoneOnce) {
  std::vector<TaskRow> tombstones;
  for (int i = 1; i <= 200; ++i) tombstones.push_back(TombstoneAt("t" + std::to_string(i), i, i));
  Write(user_, tombstones);
  const DecidePurge all = [](const PurgeState&) {
    return PurgePlan{.tombstones_through = {200}, .values_through = {}, .devices_seen_before = {}};
  };
  std::atomic<int64_t> removed{0};
  std::atomic<int> left{3};
  std::promise<void> done;
  for (int replica = 0; replica < 2; ++replica) {
    Spawn(loops().Next(), [&]() -> Task<void> {
      for (int i = 0; i < 20; ++i) {
        const absl::StatusOr<PurgedRows> some = co_await store().Purge(user_, all, 10);
        EXPECT_TRUE(some.ok()) << some.status();
        if (some.ok()) removed += some->tombstones;
      }
      if (--left == 0) done.set_value();
    });
  }
  Spawn(loops().Next(), [&]() -> Task<void> {
    for (int i = 0; i < 20; ++i) {
      PushRequest request;
      request.changes = {Milk("new" + std::to_string(i))};
      request.now = kNow;
      PushQuery query;
      const Decide decide = [request](const PushLoad& load) { return ApplyPush(request, load.state); };
      const absl::StatusOr<Pushed> pushed = co_await store().Push(user_, query, decide);
      EXPECT_TRUE(pushed.ok()) << pushed.status();
    }
    if (--left == 0) done.set_value();
  });
  done.get_future().get();
  EXPECT_EQ(removed, 200);
  const Snapshot snapshot = Pull(user_, Everything());
  EXPECT_EQ(snapshot.head.purged_through, Stamp{200});
  EXPECT_EQ(snapshot.head.live_count, 20);
  EXPECT_EQ(snapshot.delta.tasks.size(), 20u);
}

}  // namespace tidemark::sync
