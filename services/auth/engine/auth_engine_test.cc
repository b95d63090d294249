#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "services/auth/domain/password_hash.h"
#include "services/auth/engine/test_engine.h"

namespace tidemark::auth {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST_F(AuthEngineTest, RegisteringGivesTokensForANewUser) {
  absl::StatusOr<Tokens> tokens = Register(Ada());
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  EXPECT_EQ(tokens->expires_in, absl::Minutes(15));
  AccessClaims claims = ClaimsOf(*tokens);
  EXPECT_EQ(claims.user, tokens->user);
  EXPECT_FALSE(claims.session.empty());
  EXPECT_GE(claims.expires_at.value - clock_.Now().value, 900'000);
}

TEST_F(AuthEngineTest, AnAddressIsTakenInAnyCase) {
  ASSERT_TRUE(Register(Ada()).ok());
  Credentials again = Ada("another good password");
  again.email = "ADA@Example.org";
  EXPECT_EQ(CodeOf(Register(again)), Code::kEmailTaken);
}

TEST_F(AuthEngineTest, RegisteringRefusesWhatTheRulesRefuseWithoutTakingFromABucket) {
  EXPECT_EQ(CodeOf(Register({.email = "ada", .password = kPassword, .device_id = {}})), Code::kInvalidEmail);
  EXPECT_EQ(CodeOf(Register({.email = kEmail, .password = "short", .device_id = {}})), Code::kWeakPassword);
  EXPECT_EQ(CodeOf(Register({.email = kEmail, .password = kPassword, .device_id = "my phone"})),
            Code::kValidation);
  EXPECT_TRUE(limiter_.asked.empty());
}

TEST_F(AuthEngineTest, RegisteringIsLimitedPerAddress) {
  limiter_.refused.insert("address:192.0.2.1");
  absl::StatusOr<Tokens> refused = Register(Ada());
  EXPECT_EQ(CodeOf(refused), Code::kRateLimited);
  EXPECT_EQ(ErrorInfoOf(refused.status()).details.retry_after, absl::Seconds(42));
  EXPECT_THAT(limiter_.asked, ElementsAre("register address:192.0.2.1"));
  ASSERT_TRUE(caller_.bucket.has_value());
  EXPECT_EQ(caller_.bucket->decision.remaining, 0);
}

TEST_F(AuthEngineTest, LoginOpensAnotherSessionOfTheSameUser) {
  Tokens first = Register(Ada()).value();
  absl::StatusOr<Tokens> second = Login(Ada());
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->user, first.user);
  EXPECT_NE(ClaimsOf(*second).session, ClaimsOf(first).session);
  EXPECT_NE(second->refresh_token, first.refresh_token);
}

TEST_F(AuthEngineTest, WrongPasswordAndUnknownAddressAreToldAlike) {
  ASSERT_TRUE(Register(Ada()).ok());
  absl::Status wrong = Login(Ada("wrong password 1")).status();
  absl::Status unknown = Login({.email = "bob@example.org", .password = kPassword, .device_id = {}}).status();
  absl::Status impossible =
      Login({.email = "not an address", .password = kPassword, .device_id = {}}).status();
  EXPECT_EQ(ErrorInfoOf(wrong).code, Code::kBadCredentials);
  EXPECT_EQ(wrong, unknown);
  EXPECT_EQ(wrong, impossible);
}

TEST_F(AuthEngineTest, EveryLoginTriesExactlyOneHash) {
  ASSERT_TRUE(Register(Ada()).ok());
  Login(Ada("wrong password 1")).status().IgnoreError();
  Login({.email = "bob@example.org", .password = kPassword, .device_id = {}}).status().IgnoreError();
  Login({.email = "not an address", .password = kPassword, .device_id = {}}).status().IgnoreError();
  Login(Ada(std::string(100'000, 'x'))).status().IgnoreError();
  const std::string adas = "hash of correct horse battery";
  EXPECT_THAT(hasher_.tried, ElementsAre(adas, HashOfNobody(), HashOfNobody(), adas));
}

TEST_F(AuthEngineTest, LoginIsLimitedPerAddressAndPerAccountWhateverItsCase) {
  ASSERT_TRUE(Register(Ada()).ok());
  limiter_.asked.clear();
  ASSERT_TRUE(Login(Ada()).ok());
  Credentials shouted = Ada();
  shouted.email = "ADA@EXAMPLE.ORG";
  ASSERT_TRUE(Login(shouted).ok());
  ASSERT_EQ(limiter_.asked.size(), 4u);
  EXPECT_EQ(limiter_.asked[0], "login address:192.0.2.1");
  EXPECT_THAT(limiter_.asked[1], testing::StartsWith("login account:"));
  EXPECT_EQ(limiter_.asked[1], limiter_.asked[3]);
  EXPECT_THAT(limiter_.asked, Each(Not(HasSubstr("ada"))));
}

TEST_F(AuthEngineTest, ALimitedAddressDoesNotDrainTheAccount) {
  limiter_.refused.insert("address:192.0.2.1");
  EXPECT_EQ(CodeOf(Login(Ada())), Code::kRateLimited);
  EXPECT_THAT(limiter_.asked, ElementsAre("login address:192.0.2.1"));
  EXPECT_TRUE(hasher_.tried.empty());
}

// Who empties an account's bucket from elsewhere keeps nobody out who signs in from home.
TEST_F(AuthEngineTest, AnAttackerElsewhereDoesNotLockTheOwnerOut) {
  ASSERT_TRUE(Register(Ada()).ok());
  Caller attacker{.address = "198.51.100.7", .origin = {.request_id = "r2"}};
  limiter_.asked.clear();
  const auto attack = [&] { return engine_.Login(Ada("wrong password 1"), attacker); };
  EXPECT_EQ(CodeOf(Run<absl::StatusOr<Tokens>>(attack)), Code::kBadCredentials);
  ASSERT_EQ(limiter_.asked.size(), 2u);
  const std::string accounts_bucket = limiter_.asked[1].substr(std::string("login ").size());
  limiter_.refused.insert(accounts_bucket);

  EXPECT_EQ(CodeOf(Run<absl::StatusOr<Tokens>>(attack)), Code::kRateLimited);
  EXPECT_TRUE(Login(Ada()).ok());
}

TEST_F(AuthEngineTest, AKnownNetworkIsLimitedToo) {
  ASSERT_TRUE(Register(Ada()).ok());
  limiter_.asked.clear();
  ASSERT_TRUE(Login(Ada()).ok());
  limiter_.refused.insert(limiter_.asked.at(1).substr(std::string("login ").size()));
  EXPECT_EQ(CodeOf(Login(Ada())), Code::kRateLimited);
}

// Else the limits would tell which addresses have accounts.
TEST_F(AuthEngineTest, AnUnknownAccountIsLimitedAsAKnownOneIsFromElsewhere) {
  ASSERT_TRUE(Register(Ada()).ok());
  caller_.address = "198.51.100.7";
  limiter_.asked.clear();
  Credentials bob{.email = "bob@example.org", .password = kPassword, .device_id = {}};
  EXPECT_EQ(CodeOf(Login(Ada("wrong password 1"))), Code::kBadCredentials);
  EXPECT_EQ(CodeOf(Login(bob)), Code::kBadCredentials);
  ASSERT_EQ(limiter_.asked.size(), 4u);
  EXPECT_EQ(limiter_.asked[1].size(), limiter_.asked[3].size());
  EXPECT_NE(limiter_.asked[1], limiter_.asked[3]);
}

TEST_F(AuthEngineTest, AnIpv6NetworkIsLimitedAsOne) {
  caller_.address = "2001:db8::1";
  ASSERT_TRUE(Register(Ada()).ok());
  caller_.address = "2001:db8::ffff";
  ASSERT_TRUE(Login(Ada()).ok());
  EXPECT_EQ(limiter_.asked[0], "register address:2001:db8::/64");
  EXPECT_EQ(limiter_.asked[1], "login address:2001:db8::/64");
}

TEST_F(AuthEngineTest, AFullHasherIsToldAsItIs) {
  ASSERT_TRUE(Register(Ada()).ok());
  hasher_.is_full = true;
  absl::StatusOr<Tokens> refused = Login(Ada());
  EXPECT_EQ(CodeOf(refused), Code::kUnavailable);
  EXPECT_EQ(ErrorInfoOf(refused.status()).details.retry_after, absl::Seconds(1));
}

TEST_F(AuthEngineTest, RefreshGivesANewPairOfTheSameSession) {
  Tokens first = Register(Ada()).value();
  absl::StatusOr<Tokens> second = Refresh(first.refresh_token);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_NE(second->refresh_token, first.refresh_token);
  EXPECT_NE(second->access_token, first.access_token);
  EXPECT_EQ(ClaimsOf(*second).session, ClaimsOf(first).session);
  EXPECT_NE(ClaimsOf(*second).id, ClaimsOf(first).id);
}

TEST_F(AuthEngineTest, ALostAnswerToARefreshMayBeAskedForAgain) {
  Tokens first = Register(Ada()).value();
  Tokens second = Refresh(first.refresh_token).value();
  clock_.AdvanceMillis(60'000);
  absl::StatusOr<Tokens> again = Refresh(first.refresh_token);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->refresh_token, second.refresh_token);
}

TEST_F(AuthEngineTest, ALostAnswerMayBeAskedForAgainFromAReplicaThatUsesTheNextMasterKey) {
  const SecretKey old_key, new_key = *ParseSecretKey(std::string(64, 'b'));
  Engine before = EngineWith({old_key, new_key}), after = EngineWith({new_key, old_key});
  ASSERT_TRUE(Register(Ada()).ok());
  for (const auto& [asked, asked_again] : {std::pair(&before, &after), std::pair(&after, &before)}) {
    const Tokens first = Login(Ada()).value();
    const Tokens second = Refresh(first.refresh_token, *asked).value();
    absl::StatusOr<Tokens> again = Refresh(first.refresh_token, *asked_again);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->refresh_token, second.refresh_token);
    EXPECT_TRUE(Refresh(second.refresh_token, *asked_again).ok());
  }
}

TEST_F(AuthEngineTest, ALostAnswerOfAMasterKeyThatIsForgottenIsNotGuessed) {
  Engine forgetful = EngineWith({*ParseSecretKey(std::string(64, 'b'))});
  const Tokens first = Register(Ada()).value();
  const Tokens second = Refresh(first.refresh_token).value();
  EXPECT_EQ(CodeOf(Refresh(first.refresh_token, forgetful)), Code::kInvalidToken);
  EXPECT_TRUE(Refresh(second.refresh_token, forgetful).ok()) << "the session goes on";
}

TEST_F(AuthEngineTest, AStolenTokenEndsTheWholeFamily) {
  Tokens first = Register(Ada()).value();
  Tokens second = Refresh(first.refresh_token).value();
  Tokens third = Refresh(second.refresh_token).value();
  EXPECT_EQ(CodeOf(Refresh(first.refresh_token)), Code::kTokenReused);
  EXPECT_EQ(CodeOf(Refresh(third.refresh_token)), Code::kInvalidToken);
  EXPECT_THAT(Refused(), ElementsAre(ClaimsOf(first).session));
}

TEST_F(AuthEngineTest, AnUnusedRefreshTokenExpiresAfterThirtyDays) {
  Tokens tokens = Register(Ada()).value();
  clock_.AdvanceMillis(int64_t{30} * 24 * 3'600'000);
  EXPECT_EQ(CodeOf(Refresh(tokens.refresh_token)), Code::kExpiredToken);
}

TEST_F(AuthEngineTest, RefreshRefusesWhatIsNoToken) {
  for (const std::string& text : {std::string(), std::string("abc"), std::string(43, 'A')}) {
    EXPECT_EQ(CodeOf(Refresh(text)), Code::kInvalidToken) << text;
  }
}

TEST_F(AuthEngineTest, FiftyParallelRefreshesAllGetTheSameSuccessor) {
  Tokens first = Register(Ada()).value();
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 50; ++i) {
    auto promise = std::make_shared<std::promise<std::string>>();
    answers.push_back(promise->get_future());
    Spawn(loops_.Next(), [this, promise, token = first.refresh_token]() -> Task<void> {
      Caller caller{.address = "192.0.2.1", .origin = {.request_id = "r1"}, .bucket = std::nullopt};
      absl::StatusOr<Tokens> tokens = co_await engine_.Refresh(token, caller);
      promise->set_value(tokens.ok() ? tokens->refresh_token : tokens.status().ToString());
    });
  }
  std::set<std::string> successors;
  for (std::future<std::string>& answer : answers) successors.insert(answer.get());
  ASSERT_EQ(successors.size(), 1u);
  EXPECT_TRUE(Refresh(*successors.begin()).ok());
}

TEST_F(AuthEngineTest, LogoutKillsTheSessionsTokensAndNoOthers) {
  Tokens phone = Register(Ada()).value();
  Tokens desk = Login(Ada()).value();
  EXPECT_TRUE(Logout(phone.refresh_token).ok());
  EXPECT_EQ(CodeOf(Refresh(phone.refresh_token)), Code::kInvalidToken);
  EXPECT_TRUE(Refresh(desk.refresh_token).ok());
  EXPECT_THAT(Refused(), ElementsAre(ClaimsOf(phone).session));
}

TEST_F(AuthEngineTest, LogoutIsSafeToRepeatAndToSendAnything) {
  Tokens tokens = Register(Ada()).value();
  EXPECT_TRUE(Logout(tokens.refresh_token).ok());
  EXPECT_TRUE(Logout(tokens.refresh_token).ok());
  EXPECT_TRUE(Logout("no token at all").ok());
  EXPECT_TRUE(Logout(std::string(43, 'A')).ok());
}

TEST_F(AuthEngineTest, RefreshesAndLogoutsAreLimitedPerAddress) {
  const Tokens tokens = Register(Ada()).value();
  limiter_.refused.insert("address:192.0.2.1");
  EXPECT_EQ(CodeOf(Refresh(tokens.refresh_token)), Code::kRateLimited);
  EXPECT_EQ(ErrorInfoOf(Logout(tokens.refresh_token)).code, Code::kRateLimited);
  EXPECT_EQ(limiter_.asked.back(), "other address:192.0.2.1");
  limiter_.refused.clear();
  EXPECT_TRUE(Refresh(tokens.refresh_token).ok()) << "what was refused has ended nothing";
}

TEST_F(AuthEngineTest, WhileReadsArePausedPeopleLogInAndRefreshSoThatTheyCanPush) {
  UseOfAHundredRequests(91);
  const absl::StatusOr<Tokens> tokens = Register(Ada());
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  caller_.bucket.reset();
  EXPECT_TRUE(Refresh(tokens->refresh_token).ok());
}

TEST_F(AuthEngineTest, OnceTheDayIsUsedUpNothingIsLetInUntilMidnight) {
  UseOfAHundredRequests(100);
  EXPECT_EQ(CodeOf(Register(Ada())), Code::kQuotaExhausted);
  EXPECT_EQ(CodeOf(Login(Ada())), Code::kQuotaExhausted);
  EXPECT_TRUE(limiter_.asked.empty()) << "what is refused takes no token";
  clock_.AdvanceMillis(ratelimit::kDayMillis);
  EXPECT_TRUE(Register(Ada()).ok());
}

TEST_F(AuthEngineTest, WhatABucketRefusesUsesNothingOfEverybodysDay) {
  limiter_.refused = {"address:192.0.2.1"};
  for (int i = 0; i < 3; ++i) {
    caller_.bucket.reset();
    EXPECT_EQ(CodeOf(Refresh("guess")), Code::kRateLimited);
    caller_.bucket.reset();
    EXPECT_EQ(CodeOf(Login(Ada())), Code::kRateLimited);
  }
  EXPECT_EQ(quota_.Look().used[ratelimit::Resource::kRequests], 0);
}

TEST_F(AuthEngineTest, ALoginIsOneRequestThoughItTakesFromTwoBuckets) {
  ASSERT_TRUE(Register(Ada()).ok());
  caller_.bucket.reset();
  ASSERT_TRUE(Login(Ada()).ok());
  EXPECT_EQ(quota_.Look().used[ratelimit::Resource::kRequests], 2);
}

}  // namespace
}  // namespace tidemark::auth
