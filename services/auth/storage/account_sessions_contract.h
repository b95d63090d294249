// What every AccountStore holds about sessions and their ends; goes with account_store_contract.h.
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <memory>
#include <set>
#include <vector>

#include "services/auth/storage/account_store_contract.h"

namespace tidemark::auth {

template <typename Fixture>
class AccountSessionsContract : public AccountStoreContract<Fixture> {};

TYPED_TEST_SUITE_P(AccountSessionsContract);

TYPED_TEST_P(AccountSessionsContract, ALiveSessionTellsItsAccount) {
  NewSession session = this->Registered("Ada@example.org");
  absl::StatusOr<std::optional<Account>> account =
      this->Wait(this->store().FindAccountOfSession(session.user, session.session, this->kNow));
  ASSERT_TRUE(account.ok()) << account.status();
  ASSERT_TRUE(account->has_value());
  EXPECT_EQ((*account)->user, session.user);
  EXPECT_EQ((*account)->email.address, "Ada@example.org");
  EXPECT_EQ((*account)->email.key, "ada@example.org");
  EXPECT_EQ((*account)->password_hash, "$argon2id$of-Ada@example.org");
}

TYPED_TEST_P(AccountSessionsContract, ASessionIsLiveUntilItExpiresAndForItsUserAlone) {
  NewSession session = this->Registered("ada@example.org");
  NewSession bobs = this->Registered("bob@example.org");
  EXPECT_TRUE(this->IsLive(session, this->After(this->kMonth - 1)));
  EXPECT_FALSE(this->IsLive(session, this->After(this->kMonth)));
  bobs.session = session.session;
  EXPECT_FALSE(this->IsLive(bobs));
}

TYPED_TEST_P(AccountSessionsContract, ListsLiveSessionsTheLastUsedFirst) {
  NewSession first = this->Registered();
  NewSession second = this->Opened(first.user, this->After(1000));
  NewSession ended = this->Opened(first.user, this->After(1500));
  this->Registered("bob@example.org");
  EXPECT_TRUE(this->Wait(this->store().EndSession(ended.first_token, this->After(1600))).ok());
  EXPECT_EQ(this->Listed(first.user), (std::vector<SessionId>{second.session, first.session}));
  this->Rotated(first.first_token, this->NewHash(), this->After(2000));
  EXPECT_EQ(this->Listed(first.user), (std::vector<SessionId>{first.session, second.session}));
  EXPECT_EQ(this->Listed(first.user, this->kNow, 1), std::vector<SessionId>{first.session});
  EXPECT_EQ(this->Listed(first.user, this->After(this->kMonth + 1500)),
            std::vector<SessionId>{first.session});
}

TYPED_TEST_P(AccountSessionsContract, ASessionTellsItsDeviceAndTimes) {
  NewSession opened = this->Registered();
  this->Rotated(opened.first_token, this->NewHash(), this->After(2000));
  std::vector<Session> listed = this->Wait(this->store().ListSessions(opened.user, this->kNow, 10)).value();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].device, DeviceId("phone"));
  EXPECT_EQ(listed[0].created_at, this->kNow);
  EXPECT_EQ(listed[0].last_used_at, this->After(2000));
}

TYPED_TEST_P(AccountSessionsContract, ReuseIsRecordedAsARevocation) {
  NewSession session = this->Registered();
  this->Rotated(session.first_token, this->NewHash(), this->After(0));
  this->Rotated(session.first_token, this->NewHash(), this->After(60'001));
  EXPECT_EQ(this->RevokedSince(this->After(60'001)), std::set<SessionId>{session.session});
}

TYPED_TEST_P(AccountSessionsContract, ARevokedSessionIsOverAndOthersAreNot) {
  NewSession phone = this->Registered();
  NewSession desk = this->Opened(phone.user);
  absl::StatusOr<Revocation> revoked =
      this->Wait(this->store().RevokeSession(phone.user, phone.session, this->After(5)));
  ASSERT_TRUE(revoked.ok()) << revoked.status();
  EXPECT_EQ(*revoked, (Revocation{phone.session, this->After(5)}));
  EXPECT_FALSE(this->IsLive(phone));
  EXPECT_TRUE(this->IsLive(desk));
  EXPECT_EQ(this->Rotated(phone.first_token, this->NewHash(), this->After(6)).verdict, Verdict::kEnded);
  EXPECT_EQ(this->RevokedSince(this->kNow), std::set<SessionId>{phone.session});
}

TYPED_TEST_P(AccountSessionsContract, RevokingTwiceIsFineAndWhatIsNotTheUsersIsNotFound) {
  NewSession adas = this->Registered("ada@example.org");
  NewSession bobs = this->Registered("bob@example.org");
  EXPECT_TRUE(this->Wait(this->store().RevokeSession(adas.user, adas.session, this->After(1))).ok());
  EXPECT_TRUE(this->Wait(this->store().RevokeSession(adas.user, adas.session, this->After(2))).ok());
  EXPECT_TRUE(absl::IsNotFound(
      this->Wait(this->store().RevokeSession(adas.user, bobs.session, this->After(3))).status()));
  SessionId unknown(NewUuid(this->random_));
  EXPECT_TRUE(
      absl::IsNotFound(this->Wait(this->store().RevokeSession(adas.user, unknown, this->After(3))).status()));
  EXPECT_TRUE(this->IsLive(bobs));
}

TYPED_TEST_P(AccountSessionsContract, RevokingTheOthersKeepsOne) {
  NewSession kept = this->Registered();
  NewSession second = this->Opened(kept.user), third = this->Opened(kept.user);
  NewSession bobs = this->Registered("bob@example.org");
  EXPECT_EQ(this->Ids(this->Wait(this->store().RevokeOtherSessions(kept.user, kept.session, this->kNow))),
            (std::set<SessionId>{second.session, third.session}));
  EXPECT_TRUE(this->IsLive(kept));
  EXPECT_TRUE(this->IsLive(bobs));
  EXPECT_FALSE(this->IsLive(second));
  EXPECT_TRUE(
      this->Ids(this->Wait(this->store().RevokeOtherSessions(kept.user, kept.session, this->kNow))).empty());
}

TYPED_TEST_P(AccountSessionsContract, ANewPasswordEndsTheSessionsOfTheOldOne) {
  NewSession kept = this->Registered();
  NewSession other = this->Opened(kept.user);
  EXPECT_EQ(this->Ids(this->Wait(this->store().ChangePassword(this->ChangeOf(kept.user, kept.session)))),
            std::set<SessionId>{other.session});
  EXPECT_TRUE(this->IsLive(kept));
  EXPECT_FALSE(this->IsLive(other));
  const Account changed = this->Found("ada@example.org").account;
  EXPECT_EQ(changed.password_hash, "$argon2id$new");
  EXPECT_EQ(changed.password_version, 2);
  EXPECT_EQ(this->RevokedSince(this->kNow), std::set<SessionId>{other.session});
}

TYPED_TEST_P(AccountSessionsContract, AResetEndsAllSessions) {
  NewSession session = this->Registered();
  EXPECT_EQ(this->Ids(this->Wait(this->store().ChangePassword(this->ChangeOf(session.user, std::nullopt)))),
            std::set<SessionId>{session.session});
  EXPECT_FALSE(this->IsLive(session));
}

TYPED_TEST_P(AccountSessionsContract, OfTwoChangesOfOnePasswordTheFirstCounts) {
  NewSession session = this->Registered();
  PasswordChange first = this->ChangeOf(session.user, session.session), second = first;
  second.password_hash = "$argon2id$second";
  EXPECT_TRUE(this->Wait(this->store().ChangePassword(first)).ok());
  EXPECT_TRUE(absl::IsNotFound(this->Wait(this->store().ChangePassword(second)).status()));
  EXPECT_EQ(this->Found("ada@example.org").account.password_hash, "$argon2id$new");
}

TYPED_TEST_P(AccountSessionsContract, NoSessionIsOpenedUnderAPasswordThatHasChanged) {
  NewSession session = this->Registered();
  EXPECT_TRUE(this->Wait(this->store().ChangePassword(this->ChangeOf(session.user, std::nullopt))).ok());
  NewSession late = this->SessionOf(session.user);
  EXPECT_TRUE(absl::IsNotFound(this->Wait(this->store().OpenSession(late))));
  late.password_version = 2;
  EXPECT_TRUE(this->Wait(this->store().OpenSession(late)).ok());
}

// Whichever comes first.
TYPED_TEST_P(AccountSessionsContract, NoSessionOutlivesAChangeThatItWasOpenedBeside) {
  NewSession first = this->Registered();
  for (int64_t version = 1; version <= 20; ++version) {
    NewSession beside = this->SessionOf(first.user);
    beside.password_version = version;
    auto opened = std::make_shared<std::promise<void>>();
    std::future<void> done = opened->get_future();
    Spawn(this->loops_.Next(), [this, opened, beside]() -> Task<void> {
      absl::Status status = co_await this->store().OpenSession(beside);
      EXPECT_TRUE(status.ok() || absl::IsNotFound(status)) << status;
      opened->set_value();
    });
    EXPECT_TRUE(
        this->Wait(this->store().ChangePassword(this->ChangeOf(first.user, std::nullopt, version))).ok());
    done.wait();
    EXPECT_FALSE(this->IsLive(beside)) << version;
  }
}

TYPED_TEST_P(AccountSessionsContract, ADeletedAccountIsGoneWithItsSessions) {
  NewSession adas = this->Registered("ada@example.org");
  NewSession second = this->Opened(adas.user);
  NewSession bobs = this->Registered("bob@example.org");
  EXPECT_EQ(this->Ids(this->Wait(this->store().DeleteAccount(adas.user, this->After(7)))),
            (std::set<SessionId>{adas.session, second.session}));
  EXPECT_FALSE(this->IsLive(adas));
  EXPECT_TRUE(this->IsLive(bobs));
  EXPECT_FALSE(this->Wait(this->store().FindAccount("ada@example.org", this->kHome)).value().has_value());
  EXPECT_FALSE(
      this->Wait(this->store().Rotate(this->Request(adas.first_token, this->NewHash(), this->After(8))))
          .value()
          .has_value());
  EXPECT_TRUE(this->Wait(this->store().DeleteAccount(adas.user, this->After(9))).value().empty());
  EXPECT_EQ(this->RevokedSince(this->After(7)), (std::set<SessionId>{adas.session, second.session}));
}

TYPED_TEST_P(AccountSessionsContract, TheAddressOfADeletedAccountIsFree) {
  NewSession first = this->Registered();
  EXPECT_TRUE(this->Wait(this->store().DeleteAccount(first.user, this->kNow)).ok());
  NewSession again = this->Registered();
  EXPECT_NE(again.user, first.user);
  EXPECT_TRUE(this->IsLive(again));
}

TYPED_TEST_P(AccountSessionsContract, RevocationsOfAllUsersAreToldByTimeUntilForgotten) {
  NewSession adas = this->Registered("ada@example.org");
  NewSession bobs = this->Registered("bob@example.org");
  EXPECT_TRUE(this->Wait(this->store().RevokeSession(bobs.user, bobs.session, this->After(1))).ok());
  EXPECT_TRUE(this->Wait(this->store().RevokeSession(adas.user, adas.session, this->After(2))).ok());
  absl::StatusOr<std::vector<Revocation>> all = this->Wait(this->store().RevokedSince(this->After(1)));
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(*all, (std::vector<Revocation>{{bobs.session, this->After(1)}, {adas.session, this->After(2)}}));
  EXPECT_EQ(this->RevokedSince(this->After(2)), std::set<SessionId>{adas.session});
  EXPECT_TRUE(this->Wait(this->store().ForgetRevoked(this->After(2))).ok());
  EXPECT_EQ(this->RevokedSince(this->After(0)), std::set<SessionId>{adas.session});
}

REGISTER_TYPED_TEST_SUITE_P(
    AccountSessionsContract, ALiveSessionTellsItsAccount, ASessionIsLiveUntilItExpiresAndForItsUserAlone,
    ListsLiveSessionsTheLastUsedFirst, ASessionTellsItsDeviceAndTimes, ReuseIsRecordedAsARevocation,
    ARevokedSessionIsOverAndOthersAreNot, RevokingTwiceIsFineAndWhatIsNotTheUsersIsNotFound,
    RevokingTheOthersKeepsOne, ANewPasswordEndsTheSessionsOfTheOldOne, AResetEndsAllSessions,
    OfTwoChangesOfOnePasswordTheFirstCounts, NoSessionIsOpenedUnderAPasswordThatHasChanged,
    NoSessionOutlivesAChangeThatItWasOpenedBeside, ADeletedAccountIsGoneWithItsSessions,
    TheAddressOfADeletedAccountIsFree, RevocationsOfAllUsersAreToldByTimeUntilForgotten);

}  // namespace tidemark::auth
