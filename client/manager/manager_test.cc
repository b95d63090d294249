#include <thread>

#include "client/manager/test_devices.h"

namespace tidemark::client {
namespace {

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

TEST_F(ManagerTest, EditsTogetherAreOneTransactionAndAllOrNothing) {
  const auto phone = Open(phone_);
  const TaskId milk = phone->Add("milk")->id, bread = phone->Add("bread")->id;
  const int64_t before = *phone_.store.Revision();
  ASSERT_TRUE(phone
                  ->Together([&](TaskEdits& edits) {
                    const absl::Status removed = edits.Delete(milk);
                    return removed.ok() ? edits.Complete(bread, true).status() : removed;
                  })
                  .ok());
  EXPECT_EQ(*phone_.store.Revision(), before + 1);
  EXPECT_EQ(phone->List()->size(), 1u);
  EXPECT_FALSE(phone
                   ->Together([&](TaskEdits& edits) {
                     EXPECT_TRUE(edits.Edit(bread, "cake").ok());
                     return edits.Delete(TaskId("none"));
                   })
                   .ok());
  EXPECT_EQ(ContentOf(*phone, bread), "bread");
}

TEST_F(ManagerTest, ALogoutSaysWhetherTheServiceHeardOfItAndWhetherAnybodyWasLoggedIn) {
  const auto phone = LoggedIn(phone_);
  service_.FailWith(absl::UnavailableError("nobody there"));
  const absl::StatusOr<Farewell> untold = phone->Logout();
  ASSERT_TRUE(untold.ok());
  EXPECT_TRUE(untold->was_logged_in);
  EXPECT_FALSE(untold->told.ok());
  EXPECT_FALSE(phone->Logout()->was_logged_in);
}

TEST_F(ManagerTest, AConflictWhoseDiscardedValueWasTakenUpIsSettledOnEveryDevice) {
  const auto phone = Open(phone_);
  const TaskId milk = phone->Add("kept")->id;
  const Conflict conflict{.id = milk,
                          .field = Field::kContent,
                          .kept = {.value = std::string("kept")},
                          .discarded = {.value = std::string("discarded")},
                          .at = Stamp{5}};
  ASSERT_TRUE(phone_.store
                  .Write([&](Transaction& tx) {
                    tx.AddConflict(conflict);
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(phone->Conflicts()->size(), 1u);
  ASSERT_TRUE(phone->Edit(milk, "moved on").ok());
  EXPECT_EQ(phone->Status()->conflicts, 1);
  ASSERT_TRUE(phone->Edit(milk, "discarded").ok());
  EXPECT_TRUE(phone->Conflicts()->empty());
  EXPECT_EQ(phone->Status()->conflicts, 0);
}

TEST_F(ManagerTest, AProbeTellsAServiceThatRefusesFromOneThatIsNotThere) {
  const auto phone = Open(phone_);
  EXPECT_TRUE(phone->Probe().ok());
  service_.FailWith(absl::UnimplementedError("another service"));
  EXPECT_TRUE(absl::IsUnimplemented(phone->Probe()));
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

TEST_F(ManagerTest, ALostAnswerToARefreshIsAskedForAgainBeforeTheSpentTokenIsForgotten) {
  const auto phone = LoggedIn(phone_);
  service_.ExpireTokens();
  service_.LoseRefreshes(1);
  ASSERT_TRUE(phone->SyncNow(kPatience).ok());
  EXPECT_EQ(service_.refreshes(), 2);
}

TEST_F(ManagerTest, PatienceThatARenewalHasUsedUpSaysNothingAgainstTheNetwork) {
  const auto phone = LoggedIn(phone_);
  service_.ExpireTokens();
  clock_.AdvanceMillis(absl::ToInt64Milliseconds(absl::Hours(1)));
  service_.HoldRefreshes(true);
  const absl::Duration patience = absl::Milliseconds(20);
  absl::Status ended;
  std::thread person([&] { ended = phone->SyncNow(patience).status(); });
  ASSERT_TRUE(Eventually([&] { return service_.is_holding(); }));
  const CondVar::Deadline over = CondVar::In(patience);
  ASSERT_TRUE(Eventually([&] { return CondVar::In(absl::ZeroDuration()) >= over; }));
  service_.HoldRefreshes(false);
  person.join();
  EXPECT_TRUE(absl::IsDeadlineExceeded(ended)) << ended;
  EXPECT_EQ(phone->Status()->state, SyncStatus::State::kOnline);
}

TEST(ManagerRest, AStoreThatGoesOnFailingIsLeftAloneForLongerEachTime) {
  EXPECT_LT(Manager::RestAfter(1), absl::Seconds(1));
  EXPECT_EQ(Manager::RestAfter(3), 4 * Manager::RestAfter(1));
  EXPECT_EQ(Manager::RestAfter(100), absl::Minutes(1));
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
  // On a busy machine it may end before the service was asked: then once more.
  EXPECT_TRUE(Eventually([&] {
    EXPECT_FALSE(phone->SyncNow(absl::Milliseconds(50)).ok());
    return phone->Status()->state == SyncStatus::State::kOffline;
  }));
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

}  // namespace
}  // namespace tidemark::client
