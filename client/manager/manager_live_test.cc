// The manager once it was started: its threads, its stream, its callbacks.
#include "client/manager/test_devices.h"

namespace tidemark::client {
namespace {

TEST_F(ManagerTest, RunsByItselfOnceStarted) {
  const auto phone = LoggedIn(phone_);
  phone->Start({});
  ASSERT_TRUE(phone->Add("milk").ok());
  EXPECT_TRUE(Eventually([&] {
    clock_.AdvanceMillis(100);
    return service_.Contents().size() == 1;
  }));
}

TEST_F(ManagerTest, FollowsTheOtherDeviceLiveWhileInFront) {
  const auto phone = LoggedIn(phone_);
  const auto laptop = LoggedIn(laptop_);
  laptop->SetForeground(true);
  laptop->Start({});
  EXPECT_TRUE(Eventually([&] { return laptop->Status()->live; }));
  const absl::StatusOr<Task> milk = phone->Add("milk");
  ASSERT_TRUE(phone->SyncNow(kPatience).ok());
  EXPECT_TRUE(Eventually([&] {
    clock_.AdvanceMillis(10);
    return ContentOf(*laptop, milk->id) == "milk";
  }));
  laptop->SetForeground(false);
  EXPECT_TRUE(Eventually([&] { return !laptop->Status()->live; }));
}

TEST_F(ManagerTest, AStreamThatEndsWithItsTokenIsOpenedWithANewOne) {
  const auto laptop = LoggedIn(laptop_);
  laptop->SetForeground(true);
  laptop->Start({});
  ASSERT_TRUE(Eventually([&] { return service_.streams() == 1; }));
  service_.ExpireTokens();
  EXPECT_TRUE(Eventually([&] { return service_.streams() == 2; }));
  EXPECT_EQ(service_.refreshes(), 1);
}

TEST_F(ManagerTest, AnEditByAnotherProcessIsToldAndSent) {
  std::atomic<int> told = 0;
  const auto stays = LoggedIn(phone_);
  ASSERT_TRUE(stays->SyncNow(kPatience).ok());
  stays->Start({.on_tasks = [&](const ChangedTasks&) { ++told; }});
  const auto ends = Open(phone_);
  ASSERT_TRUE(ends->Add("milk").ok());
  EXPECT_TRUE(Eventually([&] {
    clock_.AdvanceMillis(100);
    return told > 0 && service_.Contents().size() == 1;
  }));
}

TEST_F(ManagerTest, AnEditByAnotherProcessThatCameBeforeTheStartIsTold) {
  std::atomic<int> told = 0;
  const auto stays = LoggedIn(phone_);
  const auto ends = Open(phone_);
  ASSERT_TRUE(ends->Add("milk").ok());
  stays->Start({.on_tasks = [&](const ChangedTasks& tasks) { told += tasks.empty() ? 1 : 0; }});
  EXPECT_TRUE(Eventually([&] { return told > 0; }));
}

TEST_F(ManagerTest, CallbacksSayWhichTasksAndThatTheStatusChanged) {
  Mutex mutex;
  ChangedTasks tasks;
  std::vector<SyncStatus> statuses;
  int synced = 0;
  const auto phone = LoggedIn(phone_);
  phone->Start({.on_tasks =
                    [&](const ChangedTasks& changed) {
                      MutexLock lock(&mutex);
                      tasks.insert(tasks.end(), changed.begin(), changed.end());
                    },
                .on_status =
                    [&](const SyncStatus& status) {
                      MutexLock lock(&mutex);
                      statuses.push_back(status);
                    },
                .on_synced =
                    [&](const RunEnd&) {
                      MutexLock lock(&mutex);
                      ++synced;
                    }});
  const absl::StatusOr<Task> milk = phone->Add("milk");
  EXPECT_TRUE(Eventually([&] {
    clock_.AdvanceMillis(100);
    MutexLock lock(&mutex);
    return std::find(tasks.begin(), tasks.end(), milk->id) != tasks.end() && synced > 0 &&
           !statuses.empty() && statuses.back().pending == 0 && !statuses.back().syncing;
  }));
}

TEST_F(ManagerTest, ACallbackMayCallTheManager) {
  std::atomic<bool> listed = false;
  const auto phone = LoggedIn(phone_);
  phone->Start({.on_tasks = [&](const ChangedTasks&) {
    listed = phone->List()->size() == 1 && phone->Status().ok();
  }});
  ASSERT_TRUE(phone->Add("milk").ok());
  EXPECT_TRUE(Eventually([&] { return listed.load(); }));
}

TEST_F(ManagerTest, StopEndsASyncThatSomebodyAskedFor) {
  const auto phone = LoggedIn(phone_);
  service_.HoldSyncs(true);
  absl::Status asked;
  std::thread person([&] { asked = phone->SyncNow(kPatience).status(); });
  ASSERT_TRUE(Eventually([&] { return service_.is_holding(); }));
  phone->Stop();
  person.join();
  EXPECT_TRUE(absl::IsCancelled(asked)) << asked;
}

TEST_F(ManagerTest, StopEndsWhatIsUnderWayAndAStartGoesOnWithIt) {
  const auto phone = LoggedIn(phone_);
  service_.HoldSyncs(true);
  ASSERT_TRUE(phone->Add("milk").ok());
  phone->Start({});
  ASSERT_TRUE(Eventually([&] { return service_.is_holding(); }));
  phone->Stop();
  EXPECT_FALSE(service_.is_holding());
  EXPECT_EQ(phone->Status()->pending, 1);

  service_.HoldSyncs(false);
  phone->Start({});
  EXPECT_TRUE(Eventually([&] {
    clock_.AdvanceMillis(100);
    return service_.Contents().size() == 1;
  }));
}

TEST_F(ManagerTest, AProcessThatDiedInARunIsTakenOverAtOnce) {
  {
    const auto dies = LoggedIn(phone_);
    ASSERT_TRUE(dies->Add("milk").ok());
  }
  // What a run that never ended leaves: its edits are with it.
  ScheduleKeeper keeper(phone_.store, DefaultScheduleSettings(), Generation::kFinal, random_);
  ASSERT_TRUE(keeper.Tell(event::RunBegan{Trigger::kEdit}, clock_.Now()).ok());
  const auto next = Open(phone_);
  next->Start({});
  EXPECT_TRUE(Eventually([&] {
    clock_.AdvanceMillis(100);
    return service_.Contents().size() == 1;
  }));
  EXPECT_LT(clock_.Now().value - kStart, absl::ToInt64Milliseconds(absl::Minutes(5)));
}

TEST_F(ManagerTest, WhatIsExportedCanBeImportedOnce) {
  const auto phone = LoggedIn(phone_);
  const absl::StatusOr<Task> milk = phone->Add("milk\twith \"quotes\"");
  ASSERT_TRUE(phone->Complete(milk->id, true).ok());
  const absl::StatusOr<std::string> text = phone->Export();
  ASSERT_TRUE(text.ok());
  const auto laptop = Open(laptop_);
  EXPECT_EQ(*laptop->Import(*text), 1);
  EXPECT_EQ(*laptop->Import(*text), 0);
  const absl::StatusOr<Task> moved = laptop->Find(milk->id.value());
  ASSERT_TRUE(moved.ok());
  EXPECT_EQ(moved->content, "milk\twith \"quotes\"");
  EXPECT_TRUE(moved->completed);
  EXPECT_FALSE(laptop->Status()->overdue);
}

}  // namespace
}  // namespace tidemark::client
