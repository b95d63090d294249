// What every AccountStore holds. A test program names its store by a fixture with a member
// `AccountStore& store()` and instantiates the suite:
//
//   INSTANTIATE_TYPED_TEST_SUITE_P(Memory, AccountStoreContract, MemoryFixture);
#pragma once

#include <gtest/gtest.h>

#include <future>
#include <set>
#include <string>
#include <vector>

#include "common/async/event_loops.h"
#include "common/random/random.h"
#include "services/auth/storage/account_store.h"

namespace tidemark::auth {

template <typename Fixture>
class AccountStoreContract : public testing::Test {
 protected:
  static constexpr UnixMillis kNow{1'735'689'600'000};
  static inline const NetworkHash kHome{"home"};
  static constexpr int64_t kMonth = int64_t{30} * 24 * 3'600'000;

  static UnixMillis After(int64_t millis) { return {kNow.value + millis}; }

  template <typename T>
  T Wait(Task<T> task) {
    auto shared = std::make_shared<Task<T>>(std::move(task));
    return RunBlocking<T>(loops_.Next(), [shared]() -> Task<T> { return std::move(*shared); });
  }

  RefreshTokenHash NewHash() { return {random_.Bytes(32)}; }

  NewSession SessionOf(const UserId& user, UnixMillis created_at = kNow) {
    return {.session = SessionId(NewUuid(random_)),
            .user = user,
            .device = DeviceId("phone"),
            .network = kHome,
            .password_version = 1,
            .first_token = NewHash(),
            .created_at = created_at,
            .expires_at = {created_at.value + kMonth}};
  }

  Account AccountOf(const std::string& address) {
    return {.user = UserId(NewUuid(random_)),
            .email = *ParseEmail(address),
            .password_hash = "$argon2id$of-" + address,
            .password_version = 1,
            .created_at = kNow};
  }

  // The first session of a new account.
  NewSession Registered(const std::string& address = "ada@example.org") {
    Account account = AccountOf(address);
    NewSession session = SessionOf(account.user);
    EXPECT_TRUE(Wait(store().CreateAccount(account, session)).ok());
    return session;
  }

  Rotation Rotated(const RefreshTokenHash& presented, const RefreshTokenHash& successor, UnixMillis now) {
    absl::StatusOr<std::optional<Rotation>> rotation =
        Wait(store().Rotate(Request(presented, successor, now)));
    EXPECT_TRUE(rotation.ok()) << rotation.status();
    EXPECT_TRUE(rotation->has_value()) << "the token is not known";
    return rotation->value_or(Rotation{});
  }

  RotationRequest Request(const RefreshTokenHash& presented, const RefreshTokenHash& successor,
                          UnixMillis now) {
    return {.presented = presented,
            .successor = successor,
            .successor_expires_at = {now.value + kMonth},
            .now = now};
  }

  FoundAccount Found(const std::string& email_key, const NetworkHash& network = kHome) {
    absl::StatusOr<std::optional<FoundAccount>> found = Wait(store().FindAccount(email_key, network));
    EXPECT_TRUE(found.ok()) << found.status();
    EXPECT_TRUE(found->has_value());
    return found->value_or(FoundAccount{});
  }

  // Beside the first one.
  NewSession Opened(const UserId& user, UnixMillis at = kNow) {
    NewSession session = SessionOf(user, at);
    EXPECT_TRUE(Wait(store().OpenSession(session)).ok());
    return session;
  }

  bool IsLive(const NewSession& session, UnixMillis now = kNow) {
    absl::StatusOr<std::optional<Account>> account =
        Wait(store().FindAccountOfSession(session.user, session.session, now));
    EXPECT_TRUE(account.ok()) << account.status();
    return account->has_value();
  }

  std::vector<SessionId> Listed(const UserId& user, UnixMillis now = kNow, int sessions_max = 10) {
    absl::StatusOr<std::vector<Session>> sessions = Wait(store().ListSessions(user, now, sessions_max));
    EXPECT_TRUE(sessions.ok()) << sessions.status();
    std::vector<SessionId> ids;
    for (const Session& session : sessions.value_or(std::vector<Session>{})) ids.push_back(session.session);
    return ids;
  }

  static std::set<SessionId> Ids(const absl::StatusOr<std::vector<Revocation>>& revocations) {
    EXPECT_TRUE(revocations.ok()) << revocations.status();
    std::set<SessionId> ids;
    for (const Revocation& revocation : revocations.value_or(std::vector<Revocation>{})) {
      ids.insert(revocation.session);
    }
    return ids;
  }
  std::set<SessionId> RevokedSince(UnixMillis since) { return Ids(Wait(store().RevokedSince(since))); }

  PasswordChange ChangeOf(const UserId& user, std::optional<SessionId> keeps, int64_t version = 1) {
    return {.user = user,
            .password_hash = "$argon2id$new",
            .replaces_version = version,
            .keeps = std::move(keeps),
            .now = kNow};
  }

  AccountStore& store() { return fixture_.store(); }

  // Outlived by the loops' work: the store goes after them.
  Fixture fixture_;
  EventLoops loops_{2};
  SeededRandom random_{1};
};

TYPED_TEST_SUITE_P(AccountStoreContract);

TYPED_TEST_P(AccountStoreContract, FindsAnAccountByItsKeyAsItWasMade) {
  Account account = this->AccountOf("Ada@Example.org");
  ASSERT_TRUE(this->Wait(this->store().CreateAccount(account, this->SessionOf(account.user))).ok());
  const Account found = this->Found("ada@example.org").account;
  EXPECT_EQ(found.user, account.user);
  EXPECT_EQ(found.email.address, "Ada@Example.org");
  EXPECT_EQ(found.email.key, "ada@example.org");
  EXPECT_EQ(found.password_hash, account.password_hash);
  EXPECT_EQ(found.password_version, 1);
  EXPECT_EQ(found.created_at, account.created_at);
}

TYPED_TEST_P(AccountStoreContract, FindsNothingForAnUnknownAddress) {
  absl::StatusOr<std::optional<FoundAccount>> found =
      this->Wait(this->store().FindAccount("nobody@example.org", this->kHome));
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_FALSE(found->has_value());
}

TYPED_TEST_P(AccountStoreContract, OneAddressHasOneAccountWhateverItsCase) {
  this->Registered("ada@example.org");
  Account again = this->AccountOf("ADA@example.org");
  NewSession session = this->SessionOf(again.user);
  EXPECT_TRUE(absl::IsAlreadyExists(this->Wait(this->store().CreateAccount(again, session))));
  // Nothing of the refused account stays.
  EXPECT_TRUE(absl::IsNotFound(this->Wait(this->store().OpenSession(this->SessionOf(again.user)))));
}

TYPED_TEST_P(AccountStoreContract, NoSessionForAUserWhoIsNotThere) {
  NewSession session = this->SessionOf(UserId(NewUuid(this->random_)));
  EXPECT_TRUE(absl::IsNotFound(this->Wait(this->store().OpenSession(session))));
  EXPECT_FALSE(
      this->Wait(this->store().Rotate(this->Request(session.first_token, this->NewHash(), this->kNow)))
          .value()
          .has_value());
}

TYPED_TEST_P(AccountStoreContract, ATokenRotatesOnceAndItsSuccessorGoesOn) {
  NewSession session = this->Registered();
  RefreshTokenHash second = this->NewHash(), third = this->NewHash();
  Rotation rotation = this->Rotated(session.first_token, second, this->After(1000));
  EXPECT_EQ(rotation.verdict, Verdict::kRotate);
  EXPECT_EQ(rotation.user, session.user);
  EXPECT_EQ(rotation.session, session.session);
  EXPECT_EQ(this->Rotated(second, third, this->After(2000)).verdict, Verdict::kRotate);
}

TYPED_TEST_P(AccountStoreContract, ThePredecessorRepeatsWithinTheGrace) {
  NewSession session = this->Registered();
  RefreshTokenHash second = this->NewHash();
  this->Rotated(session.first_token, second, this->After(0));
  EXPECT_EQ(this->Rotated(session.first_token, second, this->After(60'000)).verdict, Verdict::kRepeat);
  EXPECT_EQ(this->Rotated(second, this->NewHash(), this->After(60'001)).verdict, Verdict::kRotate);
}

TYPED_TEST_P(AccountStoreContract, ReuseEndsTheSessionForGood) {
  NewSession session = this->Registered();
  RefreshTokenHash second = this->NewHash();
  this->Rotated(session.first_token, second, this->After(0));
  EXPECT_EQ(this->Rotated(session.first_token, second, this->After(60'001)).verdict, Verdict::kReused);
  EXPECT_EQ(this->Rotated(second, this->NewHash(), this->After(60'002)).verdict, Verdict::kEnded);
}

TYPED_TEST_P(AccountStoreContract, ReuseLeavesTheUsersOtherSessionsAlone) {
  NewSession stolen = this->Registered();
  NewSession other = this->SessionOf(stolen.user);
  ASSERT_TRUE(this->Wait(this->store().OpenSession(other)).ok());
  this->Rotated(stolen.first_token, this->NewHash(), this->After(0));
  EXPECT_EQ(this->Rotated(stolen.first_token, this->NewHash(), this->After(60'001)).verdict,
            Verdict::kReused);
  EXPECT_EQ(this->Rotated(other.first_token, this->NewHash(), this->After(60'002)).verdict, Verdict::kRotate);
}

TYPED_TEST_P(AccountStoreContract, ARotationTellsTheLiveTokenAndARepeatThatOneWhateverItProposes) {
  const NewSession session = this->Registered();
  this->Opened(session.user);
  const RefreshTokenHash second = this->NewHash(), third = this->NewHash();
  EXPECT_EQ(this->Rotated(session.first_token, second, this->After(0)).live, second);
  EXPECT_EQ(this->Rotated(session.first_token, this->NewHash(), this->After(1)).live, second);
  EXPECT_EQ(this->Rotated(second, third, this->After(2)).live, third);
  EXPECT_EQ(this->Rotated(second, this->NewHash(), this->After(3)).live, third);
}

TYPED_TEST_P(AccountStoreContract, FiftyParallelRefreshesLeaveOneLiveFamily) {
  NewSession session = this->Registered();
  const RefreshTokenHash successor = this->NewHash();
  std::vector<std::future<Verdict>> verdicts;
  for (int i = 0; i < 50; ++i) {
    auto promise = std::make_shared<std::promise<Verdict>>();
    verdicts.push_back(promise->get_future());
    RotationRequest request = this->Request(session.first_token, successor, this->After(i));
    Spawn(this->loops_.Next(), [this, promise, request]() -> Task<void> {
      absl::StatusOr<std::optional<Rotation>> rotation = co_await this->store().Rotate(request);
      promise->set_value(rotation.ok() && rotation->has_value() ? (*rotation)->verdict : Verdict::kExpired);
    });
  }
  std::multiset<Verdict> seen;
  for (std::future<Verdict>& verdict : verdicts) seen.insert(verdict.get());
  EXPECT_EQ(seen.count(Verdict::kRotate), 1u);
  EXPECT_EQ(seen.count(Verdict::kRepeat), 49u);
  EXPECT_EQ(this->Rotated(successor, this->NewHash(), this->After(1000)).verdict, Verdict::kRotate);
}

TYPED_TEST_P(AccountStoreContract, ARotatedTokenLivesAMonthFromItsOwnBirth) {
  NewSession session = this->Registered();
  RefreshTokenHash second = this->NewHash();
  this->Rotated(session.first_token, second, this->After(this->kMonth - 1));
  EXPECT_EQ(this->Rotated(second, this->NewHash(), this->After(2 * this->kMonth - 2)).verdict,
            Verdict::kRotate);
}

TYPED_TEST_P(AccountStoreContract, AnUnusedTokenExpires) {
  NewSession session = this->Registered();
  EXPECT_EQ(this->Rotated(session.first_token, this->NewHash(), this->After(this->kMonth)).verdict,
            Verdict::kExpired);
}

TYPED_TEST_P(AccountStoreContract, AnUnknownTokenIsNobodys) {
  absl::StatusOr<std::optional<Rotation>> rotation =
      this->Wait(this->store().Rotate(this->Request(this->NewHash(), this->NewHash(), this->kNow)));
  ASSERT_TRUE(rotation.ok()) << rotation.status();
  EXPECT_FALSE(rotation->has_value());
}

TYPED_TEST_P(AccountStoreContract, AnyTokenOfASessionEndsIt) {
  NewSession session = this->Registered();
  RefreshTokenHash second = this->NewHash();
  this->Rotated(session.first_token, second, this->After(0));
  absl::StatusOr<std::optional<Revocation>> ended =
      this->Wait(this->store().EndSession(session.first_token, this->After(1)));
  ASSERT_TRUE(ended.ok()) << ended.status();
  EXPECT_EQ(*ended, (Revocation{session.session, this->After(1)}));
  EXPECT_EQ(this->Rotated(second, this->NewHash(), this->After(2)).verdict, Verdict::kEnded);
  EXPECT_EQ(this->RevokedSince(this->After(1)), std::set<SessionId>{session.session});
}

TYPED_TEST_P(AccountStoreContract, EndingTwiceOrEndingNothingIsFine) {
  NewSession session = this->Registered();
  EXPECT_TRUE(this->Wait(this->store().EndSession(session.first_token, this->After(1))).ok());
  EXPECT_TRUE(this->Wait(this->store().EndSession(session.first_token, this->After(2))).ok());
  EXPECT_TRUE(this->Wait(this->store().EndSession(this->NewHash(), this->After(3))).ok());
}

TYPED_TEST_P(AccountStoreContract, ExpiredSessionsAreForgottenAtTheNextSignIn) {
  NewSession old = this->Registered();
  NewSession fresh = this->SessionOf(old.user, this->After(this->kMonth));
  ASSERT_TRUE(this->Wait(this->store().OpenSession(fresh)).ok());
  RotationRequest request = this->Request(old.first_token, this->NewHash(), this->After(this->kMonth));
  EXPECT_FALSE(this->Wait(this->store().Rotate(request)).value().has_value());
  EXPECT_EQ(this->Rotated(fresh.first_token, this->NewHash(), this->After(this->kMonth + 1)).verdict,
            Verdict::kRotate);
}

TYPED_TEST_P(AccountStoreContract, KnowsTheNetworksThatSessionsWereOpenedFrom) {
  NewSession first = this->Registered("ada@example.org");
  this->Registered("bob@example.org");
  NewSession abroad = this->SessionOf(first.user);
  abroad.network = NetworkHash{"abroad"};
  EXPECT_TRUE(this->Found("ada@example.org", this->kHome).knows_network);
  EXPECT_FALSE(this->Found("ada@example.org", abroad.network).knows_network);
  ASSERT_TRUE(this->Wait(this->store().OpenSession(abroad)).ok());
  EXPECT_TRUE(this->Found("ada@example.org", abroad.network).knows_network);
  EXPECT_FALSE(this->Found("bob@example.org", abroad.network).knows_network);
}

REGISTER_TYPED_TEST_SUITE_P(AccountStoreContract, FindsAnAccountByItsKeyAsItWasMade,
                            FindsNothingForAnUnknownAddress, OneAddressHasOneAccountWhateverItsCase,
                            NoSessionForAUserWhoIsNotThere, ATokenRotatesOnceAndItsSuccessorGoesOn,
                            ThePredecessorRepeatsWithinTheGrace,
                            ARotationTellsTheLiveTokenAndARepeatThatOneWhateverItProposes,
                            ReuseEndsTheSessionForGood, ReuseLeavesTheUsersOtherSessionsAlone,
                            FiftyParallelRefreshesLeaveOneLiveFamily, ARotatedTokenLivesAMonthFromItsOwnBirth,
                            AnUnusedTokenExpires, AnUnknownTokenIsNobodys, AnyTokenOfASessionEndsIt,
                            EndingTwiceOrEndingNothingIsFine, ExpiredSessionsAreForgottenAtTheNextSignIn,
                            KnowsTheNetworksThatSessionsWereOpenedFrom);

}  // namespace tidemark::auth
