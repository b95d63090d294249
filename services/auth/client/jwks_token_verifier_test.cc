#include "services/auth/client/jwks_token_verifier.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>

#include "common/status/error.h"
#include "services/auth/domain/access_token.h"
#include "services/auth/testing/test_tokens.h"

namespace tidemark::auth {
namespace {

constexpr UnixMillis kNow{1'735'689'600'000};
const UserId kUser("7b6f6ad8-8c39-4b5a-9d5f-0f5f4b9f1c11");

SigningKey KeyNumber(char number) { return SigningKey(std::string(kSeedBytes, number)); }

// The auth service as the tests want it. Outlives the verifiers made on it.
struct FakeAuthService {
  std::mutex mutex;
  std::vector<PublicKey> published;
  bool away = false;
  std::atomic<int> fetches = 0;
};

class FakeKeySource : public KeySource {
 public:
  explicit FakeKeySource(FakeAuthService& service) : service_(service) {}
  Task<absl::StatusOr<std::vector<PublicKey>>> Fetch(Origin) override {
    ++service_.fetches;
    std::lock_guard lock(service_.mutex);
    if (service_.away) co_return absl::UnavailableError("auth is away");
    co_return service_.published;
  }

 private:
  FakeAuthService& service_;
};

class JwksTokenVerifierTest : public testing::Test {
 protected:
  JwksTokenVerifierTest() { Publish({'1'}); }

  void Publish(const std::vector<char>& numbers) {
    std::lock_guard lock(service_.mutex);
    service_.published.clear();
    for (char number : numbers) service_.published.push_back(KeyNumber(number).public_key());
  }

  void SetAway(bool away) {
    std::lock_guard lock(service_.mutex);
    service_.away = away;
  }

  std::string TokenBy(char number, int64_t lifetime_millis = 900'000) {
    UnixMillis now = clock_.Now();
    return SignAccessToken({.scope = {.issuer = "tidemark", .audience = "tidemark"},
                            .user = kUser,
                            .session = SessionId("s"),
                            .id = std::to_string(++tokens_made_),
                            .issued_at = now,
                            .expires_at = {now.value + lifetime_millis}},
                           KeyNumber(number));
  }

  absl::StatusOr<Identity> Verify(const std::string& authorization) {
    return RunBlocking<absl::StatusOr<Identity>>(loops_.at(0),
                                                 [&] { return verifier_.Verify(authorization, Origin()); });
  }

  bool HasKeys() {
    return RunBlocking<bool>(loops_.at(0), [this] { return verifier_.HasKeys(); });
  }

  std::optional<Code> Refusal(const std::string& authorization) {
    absl::StatusOr<Identity> identity = Verify(authorization);
    if (identity.ok()) return std::nullopt;
    return ErrorInfoOf(identity.status()).code;
  }

  // Fetches run on the one loop: when it has run all that was posted before, so have they.
  void LetFetchesEnd() {
    for (int i = 0; i < 10; ++i) RunBlocking<int>(loops_.at(0), []() -> Task<int> { co_return 0; });
  }

  ManualClock clock_{kNow};
  FakeAuthService service_;
  int tokens_made_ = 0;
  RevokedSessions revoked_;
  EventLoops loops_{1};
  JwksTokenVerifier verifier_{
      loops_, std::make_unique<FakeKeySource>(service_), clock_, {.revoked = &revoked_}};
};

TEST_F(JwksTokenVerifierTest, TellsWhoAValidTokenSpeaksFor) {
  absl::StatusOr<Identity> identity = Verify("Bearer " + TokenBy('1'));
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->user, kUser);
  EXPECT_EQ(identity->session, SessionId("s"));
  EXPECT_EQ(identity->expires_at.value, kNow.value + 900'000);
}

TEST_F(JwksTokenVerifierTest, TellsMissingInvalidAndExpiredApart) {
  EXPECT_EQ(Refusal(""), Code::kMissingToken);
  EXPECT_EQ(Refusal("Basic YTpi"), Code::kMissingToken);
  EXPECT_EQ(Refusal("Bearer abc.def.ghi"), Code::kInvalidToken);
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1') + "A"), Code::kInvalidToken);
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1', 0)), Code::kExpiredToken);
}

TEST_F(JwksTokenVerifierTest, ARememberedTokenExpiresAllTheSame) {
  const std::string authorization = "Bearer " + TokenBy('1');
  EXPECT_EQ(Refusal(authorization), std::nullopt);
  clock_.AdvanceMillis(899'999);
  EXPECT_EQ(Refusal(authorization), std::nullopt);
  clock_.AdvanceMillis(1);
  EXPECT_EQ(Refusal(authorization), Code::kExpiredToken);
}

TEST_F(JwksTokenVerifierTest, RefusesTheTokensOfARevokedSessionRememberedOrNot) {
  const std::string remembered = "Bearer " + TokenBy('1');
  EXPECT_EQ(Refusal(remembered), std::nullopt);
  revoked_.Add(SessionId("s"), {kNow.value + 900'000});
  const std::string never_seen = "Bearer " + TokenBy('1');
  for (const std::string& token : {remembered, never_seen, never_seen}) {
    EXPECT_EQ(Refusal(token), Code::kInvalidToken);
  }
}

TEST_F(JwksTokenVerifierTest, FetchesOnceForManyTokens) {
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), std::nullopt);
  EXPECT_EQ(service_.fetches, 1);
}

TEST_F(JwksTokenVerifierTest, GarbageNeverReachesTheAuthService) {
  EXPECT_EQ(Refusal("Bearer abc.def.ghi"), Code::kInvalidToken);
  EXPECT_EQ(service_.fetches, 0);
}

TEST_F(JwksTokenVerifierTest, LearnsANewKeyFromTheFirstTokenThatNamesIt) {
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), std::nullopt);
  Publish({'1', '2'});
  clock_.AdvanceMillis(5'000);
  EXPECT_EQ(Refusal("Bearer " + TokenBy('2')), std::nullopt);
}

TEST_F(JwksTokenVerifierTest, UnknownKeysCauseOneFetchInFiveSeconds) {
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), std::nullopt);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Refusal("Bearer " + TokenBy('9')), Code::kInvalidToken);
  EXPECT_EQ(service_.fetches, 1);
  clock_.AdvanceMillis(5'000);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(Refusal("Bearer " + TokenBy('9')), Code::kInvalidToken);
  EXPECT_EQ(service_.fetches, 2);
}

TEST_F(JwksTokenVerifierTest, ForgetsAWithdrawnKeyWithinAMinute) {
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), std::nullopt);
  Publish({'2'});
  clock_.AdvanceMillis(60'000);
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), std::nullopt);
  LetFetchesEnd();
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), Code::kInvalidToken);
}

TEST_F(JwksTokenVerifierTest, TheLastKeysStayGoodWhileAuthIsAway) {
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), std::nullopt);
  SetAway(true);
  clock_.AdvanceMillis(3'600'000);
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), std::nullopt);
  LetFetchesEnd();
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), std::nullopt);
}

TEST_F(JwksTokenVerifierTest, IsUnavailableUntilAKeyWasFetchedAndRecoversAtOnce) {
  SetAway(true);
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), Code::kUnavailable);
  SetAway(false);
  EXPECT_EQ(Refusal("Bearer " + TokenBy('1')), std::nullopt);
}

TEST_F(JwksTokenVerifierTest, FetchesKeysBeforeAnybodyNeedsThem) {
  EXPECT_TRUE(HasKeys());
  EXPECT_TRUE(HasKeys());
  EXPECT_FALSE(Refusal("Bearer " + TokenBy('1')));
  EXPECT_EQ(service_.fetches, 1);
}

TEST_F(JwksTokenVerifierTest, WithoutKeysAsksForThemEveryFiveSecondsWhileNobodyNeedsThem) {
  SetAway(true);
  EXPECT_FALSE(HasKeys());
  clock_.AdvanceMillis(4'999);
  SetAway(false);
  EXPECT_FALSE(HasKeys());
  EXPECT_EQ(service_.fetches, 1);
  clock_.AdvanceMillis(1);
  EXPECT_TRUE(HasKeys());
}

TEST_F(JwksTokenVerifierTest, KeepsItsKeysWhileAuthIsAway) {
  EXPECT_TRUE(HasKeys());
  SetAway(true);
  clock_.AdvanceMillis(3'600'000);
  EXPECT_TRUE(HasKeys());
}

TEST_F(JwksTokenVerifierTest, AcceptsTestTokensGivenTheirKey) {
  TestTokens tokens(clock_);
  std::unique_ptr<TokenVerifier> verifier = tokens.NewVerifier(loops_);
  absl::StatusOr<Identity> identity = RunBlocking<absl::StatusOr<Identity>>(
      loops_.at(0), [&] { return verifier->Verify(tokens.AuthorizationOf(kUser), Origin()); });
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->user, kUser);
}

}  // namespace
}  // namespace tidemark::auth
