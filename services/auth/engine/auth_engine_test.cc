#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <set>

#include "common/async/event_loops.h"
#include "common/status/error.h"
#include "services/auth/domain/password_hash.h"
#include "services/auth/engine/engine.h"
#include "services/auth/storage/memory_store.h"

namespace tidemark::auth {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kEmail[] = "ada@example.org";
constexpr char kPassword[] = "correct horse battery";

// Fast, and remembers which hashes were tried.
class FakeHasher : public PasswordHasher {
 public:
  Task<absl::StatusOr<std::string>> Hash(std::string password) override { co_return "hash of " + password; }
  Task<absl::StatusOr<bool>> Matches(std::string hash, std::string password) override {
    tried.push_back(hash);
    co_return hash == "hash of " + password;
  }

  std::vector<std::string> tried;
};

// Allows all but the subjects it was told to refuse, and remembers what it was asked.
class FakeLimiter : public ratelimit::Limiter {
 public:
  Task<ratelimit::Decision> Acquire(ratelimit::Ask ask, std::string) override {
    asked.push_back(ask.policy + " " + ask.subject);
    const bool allowed = !refused.contains(ask.subject);
    co_return ratelimit::Decision{.allowed = allowed,
                                  .remaining = allowed ? 9 : 0,
                                  .limit = 10,
                                  .retry_after = allowed ? absl::ZeroDuration() : absl::Seconds(42)};
  }

  std::set<std::string> refused;
  std::vector<std::string> asked;
};

class AuthEngineTest : public testing::Test {
 protected:
  absl::StatusOr<Tokens> Register(const Credentials& credentials) {
    return Run<absl::StatusOr<Tokens>>([&] { return engine_.Register(credentials, caller_); });
  }
  absl::StatusOr<Tokens> Login(const Credentials& credentials) {
    return Run<absl::StatusOr<Tokens>>([&] { return engine_.Login(credentials, caller_); });
  }
  absl::StatusOr<Tokens> Refresh(const std::string& token) {
    return Run<absl::StatusOr<Tokens>>([&] { return engine_.Refresh(token); });
  }
  absl::Status Logout(const std::string& token) {
    return Run<absl::Status>([&] { return engine_.Logout(token); });
  }

  template <typename T>
  T Run(std::function<Task<T>()> body) {
    return RunBlocking<T>(loops_.Next(), std::move(body));
  }

  static Credentials Ada(const std::string& password = kPassword) {
    return {.email = kEmail, .password = password, .device_id = "phone"};
  }

  AccessClaims ClaimsOf(const Tokens& tokens) {
    auto keys = Run<absl::StatusOr<std::vector<PublicKey>>>([&] { return engine_.GetJwks(); });
    absl::StatusOr<AccessClaims> claims =
        VerifyAccessToken(tokens.access_token, keys.value().at(0), Policy().scope, clock_.Now());
    EXPECT_TRUE(claims.ok()) << claims.status();
    return claims.value_or(AccessClaims());
  }

  template <typename T>
  static std::optional<Code> CodeOf(const absl::StatusOr<T>& result) {
    if (result.ok()) return std::nullopt;
    return ErrorInfoOf(result.status()).code;
  }

  ManualClock clock_{UnixMillis{1'735'689'600'123}};
  SeededRandom random_{5};
  MemoryAccountStore accounts_;
  MemoryKeyStore key_store_;
  FakeHasher hasher_;
  FakeLimiter limiter_;
  KeyRing keys_{key_store_, clock_, random_, SecretKey(), absl::Minutes(15)};
  Engine engine_{{.accounts = accounts_,
                  .keys = keys_,
                  .hasher = hasher_,
                  .limiter = limiter_,
                  .clock = clock_,
                  .random = random_,
                  .successor_key = SecretKey()},
                 Policy()};
  Caller caller_{.address = "192.0.2.1", .request_id = "r1", .bucket = std::nullopt};
  EventLoops loops_{2};
};

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

TEST_F(AuthEngineTest, AStolenTokenEndsTheWholeFamily) {
  Tokens first = Register(Ada()).value();
  Tokens second = Refresh(first.refresh_token).value();
  Tokens third = Refresh(second.refresh_token).value();
  EXPECT_EQ(CodeOf(Refresh(first.refresh_token)), Code::kTokenReused);
  EXPECT_EQ(CodeOf(Refresh(third.refresh_token)), Code::kInvalidToken);
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
      absl::StatusOr<Tokens> tokens = co_await engine_.Refresh(token);
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
}

TEST_F(AuthEngineTest, LogoutIsSafeToRepeatAndToSendAnything) {
  Tokens tokens = Register(Ada()).value();
  EXPECT_TRUE(Logout(tokens.refresh_token).ok());
  EXPECT_TRUE(Logout(tokens.refresh_token).ok());
  EXPECT_TRUE(Logout("no token at all").ok());
  EXPECT_TRUE(Logout(std::string(43, 'A')).ok());
}

}  // namespace
}  // namespace tidemark::auth
