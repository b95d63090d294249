// What a person who is signed in does with the account, over memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/auth/engine/test_engine.h"

namespace tidemark::auth {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr char kNewPassword[] = "another good password";

class SignedInTest : public AuthEngineTest {
 protected:
  static std::string Bearer(const Tokens& tokens) { return "Bearer " + tokens.access_token; }

  // Each call speaks for `tokens`' session.
  absl::Status ChangePassword(const Tokens& tokens, const std::string& current, const std::string& next) {
    caller_.authorization = Bearer(tokens);
    return Run<absl::Status>([&] { return engine_.ChangePassword(current, next, caller_); });
  }
  absl::StatusOr<SessionList> ListSessions(const Tokens& tokens) {
    caller_.authorization = Bearer(tokens);
    return Run<absl::StatusOr<SessionList>>([&] { return engine_.ListSessions(caller_); });
  }
  absl::Status RevokeSession(const Tokens& tokens, const std::string& session) {
    caller_.authorization = Bearer(tokens);
    return Run<absl::Status>([&] { return engine_.RevokeSession(session, caller_); });
  }
  absl::Status DeleteAccount(const Tokens& tokens, const std::string& password = kPassword) {
    caller_.authorization = Bearer(tokens);
    return Run<absl::Status>([&] { return engine_.DeleteAccount(password, caller_); });
  }

  std::string SessionOf(const Tokens& tokens) { return ClaimsOf(tokens).session.value(); }
  std::string BucketOf(const Tokens& tokens) { return "other session:" + SessionOf(tokens); }
};

TEST_F(SignedInTest, ANewPasswordTakesTheOldOnesPlace) {
  Tokens tokens = Register(Ada()).value();
  EXPECT_TRUE(ChangePassword(tokens, kPassword, kNewPassword).ok());
  EXPECT_EQ(CodeOf(Login(Ada())), Code::kBadCredentials);
  EXPECT_TRUE(Login(Ada(kNewPassword)).ok());
}

TEST_F(SignedInTest, ANewPasswordEndsEveryOtherSession) {
  Tokens phone = Register(Ada()).value();
  Tokens desk = Login(Ada()).value(), laptop = Login(Ada()).value();
  ASSERT_TRUE(ChangePassword(desk, kPassword, kNewPassword).ok());
  EXPECT_EQ(CodeOf(Refresh(phone.refresh_token)), Code::kInvalidToken);
  EXPECT_EQ(CodeOf(Refresh(laptop.refresh_token)), Code::kInvalidToken);
  EXPECT_TRUE(Refresh(desk.refresh_token).ok());
  EXPECT_THAT(Refused(), UnorderedElementsAre(ClaimsOf(phone).session, ClaimsOf(laptop).session));
}

TEST_F(SignedInTest, AWrongCurrentPasswordChangesNothing) {
  Tokens tokens = Register(Ada()).value();
  Tokens other = Login(Ada()).value();
  EXPECT_EQ(CodeOf(ChangePassword(tokens, "wrong password 1", kNewPassword)), Code::kBadCredentials);
  EXPECT_TRUE(Login(Ada()).ok());
  EXPECT_TRUE(Refresh(other.refresh_token).ok());
}

TEST_F(SignedInTest, AWeakNewPasswordIsRefusedAtItsPlaceAndCostsNoAttempt) {
  Tokens tokens = Register(Ada()).value();
  limiter_.asked.clear();
  const absl::Status weak = ChangePassword(tokens, kPassword, "short");
  EXPECT_EQ(CodeOf(weak), Code::kWeakPassword);
  EXPECT_EQ(ErrorInfoOf(weak).details.pointer, "/new_password");
  EXPECT_EQ(CodeOf(ChangePassword(tokens, kPassword, std::string(257, 'x'))), Code::kValidation);
  EXPECT_THAT(limiter_.asked, Each(StartsWith("other session:")));
}

TEST_F(SignedInTest, GuessesAtThePasswordAreLimitedPerAccount) {
  Tokens phone = Register(Ada()).value();
  Tokens desk = Login(Ada()).value();
  limiter_.asked.clear();
  EXPECT_EQ(CodeOf(ChangePassword(phone, "wrong password 1", kNewPassword)), Code::kBadCredentials);
  EXPECT_EQ(CodeOf(DeleteAccount(desk, "wrong password 2")), Code::kBadCredentials);
  const std::string subject = "account:" + phone.user.value();
  EXPECT_THAT(limiter_.asked,
              ElementsAre(BucketOf(phone), "login " + subject, BucketOf(desk), "login " + subject));
  limiter_.refused.insert(subject);
  hasher_.tried.clear();
  EXPECT_EQ(CodeOf(ChangePassword(phone, kPassword, kNewPassword)), Code::kRateLimited);
  EXPECT_EQ(CodeOf(DeleteAccount(desk)), Code::kRateLimited);
  EXPECT_THAT(hasher_.tried, IsEmpty());
  EXPECT_TRUE(Login(Ada()).ok()) << "the owner is not kept out";
}

TEST_F(SignedInTest, SessionsAreListedTheCallersOwnMarked) {
  Tokens phone = Register(Ada()).value();
  clock_.AdvanceMillis(1000);
  Tokens desk = Login(Ada()).value();
  absl::StatusOr<SessionList> list = ListSessions(phone);
  ASSERT_TRUE(list.ok()) << list.status();
  ASSERT_EQ(list->sessions.size(), 2u);
  EXPECT_EQ(list->sessions[0].session, ClaimsOf(desk).session);
  EXPECT_EQ(list->sessions[0].created_at, clock_.Now());
  EXPECT_EQ(list->sessions[1].device, DeviceId("phone"));
  EXPECT_EQ(list->current, ClaimsOf(phone).session);
}

TEST_F(SignedInTest, ListingAndRevokingTakeFromTheUsersOtherBucket) {
  Tokens tokens = Register(Ada()).value();
  limiter_.asked.clear();
  ASSERT_TRUE(ListSessions(tokens).ok());
  EXPECT_EQ(CodeOf(RevokeSession(tokens, "none")), Code::kNotFound);
  const std::string bucket = "other " + tokens.user.value();
  EXPECT_THAT(limiter_.asked, ElementsAre(BucketOf(tokens), bucket, BucketOf(tokens), bucket));
  limiter_.refused.insert(tokens.user.value());
  EXPECT_EQ(CodeOf(ListSessions(tokens)), Code::kRateLimited);
  EXPECT_EQ(CodeOf(RevokeSession(tokens, SessionOf(tokens))), Code::kRateLimited);
}

TEST_F(SignedInTest, AnEndedSessionsTokenReadsTheDatabaseAsOftenAsItsOwnBucketSaysAndEmptiesNoOther) {
  Tokens phone = Register(Ada()).value();
  Tokens desk = Login(Ada()).value();
  ASSERT_TRUE(RevokeSession(desk, SessionOf(phone)).ok());
  limiter_.asked.clear();
  EXPECT_EQ(CodeOf(ListSessions(phone)), Code::kInvalidToken);
  EXPECT_EQ(CodeOf(DeleteAccount(phone)), Code::kInvalidToken);
  EXPECT_THAT(limiter_.asked, ElementsAre(BucketOf(phone), BucketOf(phone)));
  limiter_.refused.insert("session:" + SessionOf(phone));
  EXPECT_EQ(CodeOf(ListSessions(phone)), Code::kRateLimited);
  EXPECT_EQ(CodeOf(ChangePassword(phone, kPassword, "short")), Code::kRateLimited);
  EXPECT_TRUE(ListSessions(desk).ok());
}

TEST_F(SignedInTest, ARevokedSessionIsRefusedByAuthAndByThoseWhoWatch) {
  Tokens phone = Register(Ada()).value();
  Tokens desk = Login(Ada()).value();
  EXPECT_TRUE(RevokeSession(desk, SessionOf(phone)).ok());
  EXPECT_EQ(CodeOf(ListSessions(phone)), Code::kInvalidToken);
  EXPECT_EQ(CodeOf(Refresh(phone.refresh_token)), Code::kInvalidToken);
  EXPECT_THAT(Refused(), ElementsAre(ClaimsOf(phone).session));
  EXPECT_TRUE(RevokeSession(desk, SessionOf(phone)).ok()) << "once more";
  EXPECT_EQ(ListSessions(desk)->sessions.size(), 1u);
}

TEST_F(SignedInTest, ASessionMayRevokeItself) {
  Tokens tokens = Register(Ada()).value();
  EXPECT_TRUE(RevokeSession(tokens, SessionOf(tokens)).ok());
  EXPECT_EQ(CodeOf(ListSessions(tokens)), Code::kInvalidToken);
}

TEST_F(SignedInTest, SessionsOfOthersAndWhatIsNoneAreNotFound) {
  Tokens adas = Register(Ada()).value();
  Tokens bobs = Register({.email = "bob@example.org", .password = kPassword, .device_id = {}}).value();
  for (const std::string& id : {SessionOf(bobs), std::string("00000000-0000-4000-8000-000000000000"),
                                std::string("1"), std::string()}) {
    EXPECT_EQ(CodeOf(RevokeSession(adas, id)), Code::kNotFound) << id;
  }
  EXPECT_TRUE(ListSessions(bobs).ok());
}

TEST_F(SignedInTest, ADeletedAccountIsGoneWithItsTasks) {
  Tokens phone = Register(Ada()).value();
  Tokens desk = Login(Ada()).value();
  EXPECT_TRUE(DeleteAccount(phone).ok());
  EXPECT_THAT(eraser_.erased, ElementsAre(phone.user));
  EXPECT_EQ(CodeOf(Login(Ada())), Code::kBadCredentials);
  EXPECT_EQ(CodeOf(ListSessions(phone)), Code::kInvalidToken);
  EXPECT_EQ(CodeOf(Refresh(desk.refresh_token)), Code::kInvalidToken);
  EXPECT_THAT(Refused(), UnorderedElementsAre(ClaimsOf(phone).session, ClaimsOf(desk).session));
  EXPECT_NE(Register(Ada()).value().user, phone.user);
}

TEST_F(SignedInTest, AWrongPasswordDeletesNothing) {
  Tokens phone = Register(Ada()).value();
  Tokens desk = Login(Ada()).value();
  EXPECT_EQ(CodeOf(DeleteAccount(phone, "wrong password 1")), Code::kBadCredentials);
  EXPECT_THAT(eraser_.erased, IsEmpty());
  EXPECT_TRUE(Refresh(desk.refresh_token).ok());
}

TEST_F(SignedInTest, ADeletionThatFailedHalfwayCanBeAskedForAgain) {
  Tokens phone = Register(Ada()).value();
  Tokens desk = Login(Ada()).value();
  eraser_.away = true;
  EXPECT_EQ(CodeOf(DeleteAccount(phone)), Code::kUnavailable);
  EXPECT_EQ(CodeOf(Refresh(desk.refresh_token)), Code::kInvalidToken) << "nobody else goes on meanwhile";
  EXPECT_EQ(CodeOf(DeleteAccount(phone)), Code::kUnavailable);
  Tokens again = Login(Ada()).value();
  eraser_.away = false;
  EXPECT_TRUE(DeleteAccount(again).ok());
  EXPECT_EQ(CodeOf(Login(Ada())), Code::kBadCredentials);
  EXPECT_THAT(eraser_.erased, ElementsAre(phone.user));
}

TEST_F(SignedInTest, NothingIsDoneWithoutALiveSessionsToken) {
  Tokens tokens = Register(Ada()).value();
  const std::string own = SessionOf(tokens);
  const auto try_all = [&](const std::string& authorization) {
    caller_.authorization = authorization;
    std::set<std::optional<Code>> codes = {
        CodeOf(Run<absl::StatusOr<SessionList>>([&] { return engine_.ListSessions(caller_); })),
        CodeOf(Run<absl::Status>([&] { return engine_.RevokeSession(own, caller_); })),
        CodeOf(Run<absl::Status>([&] { return engine_.ChangePassword(kPassword, kNewPassword, caller_); })),
        CodeOf(Run<absl::Status>([&] { return engine_.DeleteAccount(kPassword, caller_); }))};
    EXPECT_EQ(codes.size(), 1u) << authorization;
    return codes.begin()->value_or(Code::kInternal);
  };
  EXPECT_EQ(try_all(""), Code::kMissingToken);
  EXPECT_EQ(try_all("Basic YTpi"), Code::kMissingToken);
  EXPECT_EQ(try_all("Bearer a.b.c"), Code::kInvalidToken);
  EXPECT_EQ(try_all(Bearer(tokens) + "A"), Code::kInvalidToken);
  clock_.AdvanceMillis(16 * 60'000);
  EXPECT_EQ(try_all(Bearer(tokens)), Code::kExpiredToken);
  EXPECT_TRUE(Login(Ada()).ok());
}

}  // namespace
}  // namespace tidemark::auth
