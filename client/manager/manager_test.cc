#include "client/manager/manager.h"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>

#include "client/credentials/memory_credentials.h"
#include "client/store/memory/memory_store.h"
#include "client/store/sync_lock.h"
#include "client/testing/fake_service.h"
#include "common/status/error.h"

namespace tidemark::client {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);
constexpr int64_t kStart = 1'735'689'600'000;

// Asks again and again until the deadline.
bool Eventually(const std::function<bool()>& holds) {
  Mutex mutex;
  CondVar never;
  const CondVar::Deadline deadline = CondVar::In(kPatience);
  while (!holds()) {
    if (CondVar::In(absl::ZeroDuration()) >= deadline) return false;
    MutexLock lock(&mutex);
    never.WaitUntil(mutex, CondVar::In(absl::Milliseconds(2)));
  }
  return true;
}

// What several managers may have in common: they are processes on one store.
class SharedStore final : public LocalStore {
 public:
  explicit SharedStore(LocalStore& store) : store_(store) {}
  absl::Status Write(Body body) override { return store_.Write(body); }
  absl::Status Read(Body body) override {
    ++reads_;
    return store_.Read(body);
  }
  absl::StatusOr<int64_t> Revision() override {
    ++looks_;
    return store_.Revision();
  }
  int reads() const { return reads_; }
  // At what others wrote.
  int looks() const { return looks_; }

 private:
  LocalStore& store_;
  std::atomic<int> reads_ = 0;
  std::atomic<int> looks_ = 0;
};

class SharedCredentials final : public CredentialStore {
 public:
  explicit SharedCredentials(CredentialStore& credentials) : credentials_(credentials) {}
  absl::StatusOr<std::optional<SavedSession>> Load() override { return credentials_.Load(); }
  absl::Status Save(const SavedSession& session) override { return credentials_.Save(session); }
  absl::Status Clear() override { return credentials_.Clear(); }

 private:
  CredentialStore& credentials_;
};

// All that one device has.
struct Device {
  MemoryStore store;
  MemoryCredentials credentials;
};

class ManagerTest : public testing::Test {
 protected:
  std::unique_ptr<Manager> Open(Device& device, const std::string& sync_lock_path = "") {
    auto store = std::make_unique<SharedStore>(device.store);
    opened_ = store.get();
    auto manager = std::make_unique<Manager>(
        ManagerParts{.store = std::move(store),
                     .transport = std::make_unique<FakeTransport>(service_),
                     .credentials = std::make_unique<SharedCredentials>(device.credentials),
                     .clock = &clock_,
                     .random = &random_,
                     .settings = &DefaultScheduleSettings(),
                     .sync_lock_path = sync_lock_path});
    EXPECT_TRUE(manager->Prepare().ok());
    return manager;
  }

  std::unique_ptr<Manager> LoggedIn(Device& device) {
    std::unique_ptr<Manager> manager = Open(device);
    EXPECT_TRUE(manager->Login(kAda).ok());
    return manager;
  }

  std::string ContentOf(Manager& manager, const TaskId& id) {
    const absl::StatusOr<Task> task = manager.Find(id.value());
    return task.ok() ? task->content : "";
  }

  const Credentials kAda{.email = "ada@example.org", .password = "correct horse battery"};
  FakeService service_;
  ManualClock clock_{UnixMillis{kStart}};
  SeededRandom random_{1};
  Device phone_;
  Device laptop_;
  // Of the manager that was opened last.
  SharedStore* opened_ = nullptr;
};

TEST_F(ManagerTest, AnEditIsSentAndFoundByAnotherDevice) {
  const auto phone = LoggedIn(phone_);
  const auto laptop = LoggedIn(laptop_);
  const absl::StatusOr<Task> milk = phone->Add("milk");
  ASSERT_TRUE(milk.ok()) << milk.status();
  const absl::StatusOr<RunEnd> pushed = phone->SyncNow(kPatience);
  ASSERT_TRUE(pushed.ok()) << pushed.status();
  EXPECT_EQ(pushed->pushed, 1);
  ASSERT_TRUE(laptop->SyncNow(kPatience).ok());
  EXPECT_EQ(ContentOf(*laptop, milk->id), "milk");
  EXPECT_EQ(phone->Status()->pending, 0);
}

TEST_F(ManagerTest, NothingIsAskedBeforeSomebodyIsLoggedIn) {
  const auto phone = Open(phone_);
  ASSERT_TRUE(phone->Add("milk").ok());
  EXPECT_TRUE(absl::IsUnauthenticated(phone->SyncNow(kPatience).status()));
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kSignInNeeded);
  EXPECT_EQ(phone->Status()->pending, 1);
  EXPECT_EQ(service_.syncs(), 0);
}

TEST_F(ManagerTest, WhatWasAddedBeforeTheLoginIsSentAfterIt) {
  const auto phone = Open(phone_);
  ASSERT_TRUE(phone->Add("milk").ok());
  ASSERT_TRUE(phone->Login(kAda).ok());
  ASSERT_TRUE(phone->SyncNow(kPatience).ok());
  EXPECT_EQ(service_.Contents().size(), 1u);
}

TEST_F(ManagerTest, AStoreIsOfOnePerson) {
  const auto phone = LoggedIn(phone_);
  ASSERT_TRUE(phone->Logout().ok());
  EXPECT_EQ(phone->Login({.email = "eve@example.org", .password = "x"}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kSignInNeeded);
  EXPECT_EQ(phone->Status()->email, kAda.email);
  EXPECT_TRUE(phone->Login(kAda).ok());
}

TEST_F(ManagerTest, NoAccountIsMadeInAStoreThatIsSomebodysAlready) {
  const auto phone = LoggedIn(phone_);
  ASSERT_TRUE(phone->Logout().ok());
  EXPECT_EQ(phone->Register({.email = "eve@example.org", .password = "x"}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(service_.registered(), 0);
}

TEST_F(ManagerTest, AnExpiredTokenIsRenewedOnceForAllThreads) {
  const auto phone = LoggedIn(phone_);
  service_.ExpireTokens();
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { answered += phone->Devices().ok() ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 8);
  EXPECT_EQ(service_.refreshes(), 1);
}

TEST_F(ManagerTest, ARunThatIsRefusedWithTheOldTokenAfterAnotherHasRenewedItGoesOnWithTheNewOne) {
  const auto phone = LoggedIn(phone_);
  ASSERT_TRUE(phone->Add("milk").ok());
  service_.HoldSyncs(true);
  absl::Status synced = absl::UnknownError("not yet");
  std::thread person([&] { synced = phone->SyncNow(kPatience).status(); });
  ASSERT_TRUE(Eventually([&] { return service_.is_holding(); }));
  service_.ExpireTokens();
  EXPECT_TRUE(phone->Devices().ok());
  service_.HoldSyncs(false);
  person.join();
  EXPECT_TRUE(synced.ok()) << synced;
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kOnline);
  EXPECT_EQ(service_.refreshes(), 1);
}

TEST_F(ManagerTest, ATokenThatAnotherProcessRenewedIsUsed) {
  const auto one = LoggedIn(phone_);
  const auto other = Open(phone_);
  service_.ExpireTokens();
  ASSERT_TRUE(one->SyncNow(kPatience).ok());
  ASSERT_TRUE(other->SyncNow(kPatience).ok());
  EXPECT_EQ(service_.refreshes(), 1);
}

TEST_F(ManagerTest, ATokenThatHasExpiredByTheClockIsRenewedWithoutARefusal) {
  const auto phone = LoggedIn(phone_);
  clock_.AdvanceMillis(absl::ToInt64Milliseconds(absl::Hours(1)));
  service_.ExpireTokens();
  ASSERT_TRUE(phone->SyncNow(kPatience).ok());
  EXPECT_EQ(service_.refreshes(), 1);
}

TEST_F(ManagerTest, ARevokedSessionAsksToLogInAndKeepsTheQueue) {
  const auto phone = LoggedIn(phone_);
  ASSERT_TRUE(phone->Add("milk").ok());
  service_.RevokeSessions();
  EXPECT_TRUE(absl::IsUnauthenticated(phone->SyncNow(kPatience).status()));
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kSignInNeeded);
  EXPECT_EQ(phone->Status()->pending, 1);
  EXPECT_FALSE(*phone_.credentials.Load());
  ASSERT_TRUE(phone->Login(kAda).ok());
  ASSERT_TRUE(phone->SyncNow(kPatience).ok());
  EXPECT_EQ(service_.Contents().size(), 1u);
}

TEST_F(ManagerTest, ARunThatOutlivesItsTokenKeepsTheSessionThatWasRenewedMeanwhile) {
  const auto phone = LoggedIn(phone_);
  ASSERT_TRUE(phone->Add("milk").ok());
  service_.HoldSyncs(true);
  absl::Status asked;
  std::thread person([&] { asked = phone->SyncNow(kPatience).status(); });
  ASSERT_TRUE(Eventually([&] { return service_.is_holding(); }));
  service_.ExpireTokens();
  EXPECT_TRUE(phone->Devices().ok());
  service_.HoldSyncs(false);
  person.join();
  EXPECT_TRUE(asked.ok()) << asked;
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kOnline);
  EXPECT_EQ(service_.refreshes(), 1);
  EXPECT_EQ(service_.Contents().size(), 1u);
}

TEST_F(ManagerTest, ATokenRefreshedForSomethingElseAndRefusedOnceIsRenewed) {
  const auto phone = LoggedIn(phone_);
  service_.ExpireTokens();
  ASSERT_TRUE(phone->Devices().ok());
  service_.ExpireTokens();
  EXPECT_TRUE(phone->SyncNow(kPatience).ok());
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kOnline);
}

TEST_F(ManagerTest, ALostAnswerIsNotAppliedTwice) {
  const auto phone = LoggedIn(phone_);
  ASSERT_TRUE(phone->Add("milk").ok());
  service_.LoseAnswers(true);
  EXPECT_TRUE(absl::IsUnavailable(phone->SyncNow(kPatience).status()));
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kOffline);
  EXPECT_EQ(phone->Status()->pending, 1);
  service_.LoseAnswers(false);
  ASSERT_TRUE(phone->SyncNow(kPatience).ok());
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kOnline);
  EXPECT_EQ(phone->Status()->pending, 0);
  EXPECT_EQ(service_.applied(), 1);
  EXPECT_EQ(service_.repeated(), 1);
}

TEST_F(ManagerTest, AProgramThatEndsPushesItsEditAtOnce) {
  const auto phone = LoggedIn(phone_);
  ASSERT_TRUE(phone->SyncIfDue(kPatience).ok());
  ASSERT_TRUE(phone->Add("milk").ok());
  ASSERT_TRUE(phone->SyncIfDue(kPatience).ok());
  EXPECT_EQ(service_.Contents().size(), 1u);
}

TEST_F(ManagerTest, AProgramThatEndsAsksNothingWhenNothingIsDue) {
  const auto phone = LoggedIn(phone_);
  ASSERT_TRUE(phone->SyncIfDue(kPatience).ok());
  const int asked = service_.syncs() + service_.checks();
  ASSERT_TRUE(phone->SyncIfDue(kPatience).ok());
  EXPECT_EQ(service_.syncs() + service_.checks(), asked);
}

TEST_F(ManagerTest, AProgramThatEndsDoesNotAskAnExhaustedServiceAgain) {
  const auto phone = LoggedIn(phone_);
  service_.FailSyncsWith(Error(Code::kQuotaExhausted, "no more today", {.retry_after = absl::Hours(3)}));
  ASSERT_TRUE(phone->Add("milk").ok());
  EXPECT_FALSE(phone->SyncIfDue(kPatience).ok());
  service_.FailSyncsWith(absl::OkStatus());
  ASSERT_TRUE(phone->Add("bread").ok());
  const absl::Status waits = phone->SyncIfDue(kPatience).status();
  EXPECT_EQ(ErrorInfoOf(waits).code, Code::kRateLimited);
  EXPECT_GE(*ErrorInfoOf(waits).details.retry_after, absl::Hours(3));
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kDegraded);
  EXPECT_EQ(phone->Status()->message,
            "Sync paused (service at capacity). Tasks saved locally, will sync tomorrow.");
  EXPECT_EQ(phone->Status()->pending, 2);
  EXPECT_EQ(service_.syncs(), 0);
}

TEST_F(ManagerTest, PatienceThatEndsWithoutAnAnswerIsNoNetwork) {
  const auto phone = LoggedIn(phone_);
  service_.HoldSyncs(true);
  EXPECT_FALSE(phone->SyncNow(absl::Milliseconds(50)).ok());
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kOffline);
}

TEST_F(ManagerTest, WhileWhatIsDueCannotBeServedLookingReadsNothing) {
  const std::string path = testing::TempDir() + "manager_test.sync";
  const absl::StatusOr<std::optional<SyncLock>> other_process = SyncLock::Try(path);
  ASSERT_TRUE(other_process.ok() && *other_process);
  const auto phone = Open(phone_, path);
  ASSERT_TRUE(phone->Login(kAda).ok());
  phone->Start({.on_status = [](const SyncStatus&) {}});
  // What starting has to tell is told by then.
  const auto looks = [&](int so_often) {
    const int before = opened_->looks();
    return Eventually([&] { return opened_->looks() >= before + so_often; });
  };
  ASSERT_TRUE(looks(3));
  const int reads = opened_->reads();
  ASSERT_TRUE(looks(3));
  EXPECT_EQ(opened_->reads(), reads);
}

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
