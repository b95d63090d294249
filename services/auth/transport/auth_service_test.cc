// The auth service through real gRPC, with everything real but the database and the rate limit service.
#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include "common/async/test_eventually.h"
#include "common/rpc/client.h"
#include "common/status/error.h"
#include "services/auth/client/jwks_token_verifier.h"
#include "services/auth/client/revocation_watch.h"
#include "services/auth/storage/memory_store.h"
#include "services/auth/transport/service.h"

namespace tidemark::auth {
namespace {

constexpr char kServiceToken[] = "service-secret";

// Allows all, and remembers the subjects.
class OpenLimiter : public ratelimit::Limiter {
 public:
  Task<ratelimit::Decision> Acquire(ratelimit::Ask ask, Origin) override {
    subjects.push_back(ask.subject);
    co_return ratelimit::Decision{.allowed = true, .remaining = 9, .limit = 10};
  }

  std::vector<std::string> subjects;
};

class EraserOfNothing : public TaskEraser {
 public:
  Task<absl::Status> Erase(UserId, Origin) override { co_return absl::OkStatus(); }
};

class AuthServiceTest : public testing::Test {
 protected:
  explicit AuthServiceTest(std::vector<IpNetwork> trusted_proxies = {})
      : service_(loops_, engine_, revocations_, rpc::ServiceCredential(kServiceToken),
                 std::move(trusted_proxies)) {
    int port = 0;
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    channel_ = rpc::NewChannel("127.0.0.1:" + std::to_string(port));
    stub_ = v1::AuthService::NewStub(channel_);
  }

  ~AuthServiceTest() override {
    server_->Shutdown();
    server_->Wait();
  }

  absl::StatusOr<v1::Tokens> Register(const std::string& email, grpc::ClientContext& context) {
    v1::RegisterRequest request;
    request.set_email(email);
    request.set_password("correct horse battery");
    request.set_device_id("phone");
    v1::RegisterResponse response;
    grpc::Status status = stub_->Register(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response.tokens();
  }
  absl::StatusOr<v1::Tokens> Register(const std::string& email = "ada@example.org") {
    grpc::ClientContext context;
    return Register(email, context);
  }

  absl::StatusOr<v1::Tokens> Login(const std::string& password) {
    v1::LoginRequest request;
    request.set_email("ada@example.org");
    request.set_password(password);
    v1::LoginResponse response;
    grpc::ClientContext context;
    grpc::Status status = stub_->Login(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response.tokens();
  }

  absl::StatusOr<v1::Tokens> Refresh(const std::string& token) {
    v1::RefreshRequest request;
    request.set_refresh_token(token);
    v1::RefreshResponse response;
    grpc::ClientContext context;
    grpc::Status status = stub_->Refresh(&context, request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response.tokens();
  }

  absl::Status Logout(const std::string& token) {
    v1::LogoutRequest request;
    request.set_refresh_token(token);
    v1::LogoutResponse response;
    grpc::ClientContext context;
    return rpc::FromGrpc(stub_->Logout(&context, request, &response));
  }

  static std::unique_ptr<grpc::ClientContext> As(const v1::Tokens& tokens) {
    auto context = std::make_unique<grpc::ClientContext>();
    context->AddMetadata("authorization", "Bearer " + tokens.access_token());
    return context;
  }

  template <typename T>
  static std::optional<Code> CodeOf(const absl::StatusOr<T>& result) {
    if (result.ok()) return std::nullopt;
    return ErrorInfoOf(result.status()).code;
  }

  SystemClock clock_;
  SystemRandom random_;
  MemoryAccountStore accounts_;
  MemoryKeyStore key_store_;
  OpenLimiter limiter_;
  EventLoops loops_{2};
  Argon2idHasher hasher_;
  EraserOfNothing eraser_;
  Versioned<ratelimit::Limits> limits_{ratelimit::Limits()};
  ratelimit::Quota quota_{limits_, clock_};
  KeyRing keys_{key_store_, clock_, random_, {SecretKey()}, absl::Minutes(15)};
  RevocationFeed revocations_{accounts_, clock_, Sleep, absl::Minutes(15)};
  Engine engine_{{.accounts = accounts_,
                  .keys = keys_,
                  .revocations = revocations_,
                  .hasher = hasher_,
                  .tasks = eraser_,
                  .limiter = limiter_,
                  .quota = quota_,
                  .clock = clock_,
                  .random = random_,
                  .successor_keys = {SecretKey()},
                  .network_key = SecretKey()},
                 Policy()};
  Service service_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::AuthService::Stub> stub_;
};

TEST_F(AuthServiceTest, ASessionsLifeFromRegisterToLogout) {
  absl::StatusOr<v1::Tokens> registered = Register();
  ASSERT_TRUE(registered.ok()) << registered.status();
  EXPECT_EQ(registered->token_type(), "Bearer");
  EXPECT_EQ(registered->expires_in(), 900);
  EXPECT_EQ(CodeOf(Register()), Code::kEmailTaken);

  EXPECT_EQ(CodeOf(Login("wrong password 1")), Code::kBadCredentials);
  absl::StatusOr<v1::Tokens> first = Login("correct horse battery");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->user_id(), registered->user_id());

  absl::StatusOr<v1::Tokens> second = Refresh(first->refresh_token());
  ASSERT_TRUE(second.ok()) << second.status();
  absl::StatusOr<v1::Tokens> third = Refresh(second->refresh_token());
  ASSERT_TRUE(third.ok()) << third.status();
  EXPECT_EQ(CodeOf(Refresh(first->refresh_token())), Code::kTokenReused);
  EXPECT_EQ(CodeOf(Refresh(third->refresh_token())), Code::kInvalidToken);

  EXPECT_TRUE(Logout(registered->refresh_token()).ok());
  EXPECT_EQ(CodeOf(Refresh(registered->refresh_token())), Code::kInvalidToken);
}

TEST_F(AuthServiceTest, AnotherServiceVerifiesTheTokensByThePublishedKeys) {
  absl::StatusOr<v1::Tokens> tokens = Register();
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  JwksTokenVerifier verifier(loops_, channel_, clock_);
  absl::StatusOr<Identity> identity = RunBlocking<absl::StatusOr<Identity>>(
      loops_.Next(), [&] { return verifier.Verify("Bearer " + tokens->access_token(), Origin()); });
  ASSERT_TRUE(identity.ok()) << identity.status();
  EXPECT_EQ(identity->user.value(), tokens->user_id());
}

TEST_F(AuthServiceTest, BadInputNamesItsPlace) {
  absl::StatusOr<v1::Tokens> refused = Register("no address");
  EXPECT_EQ(CodeOf(refused), Code::kInvalidEmail);
  EXPECT_EQ(ErrorInfoOf(refused.status()).details.pointer, "/email");
}

TEST_F(AuthServiceTest, OnlyAServiceIsBelievedWhomItCallsFor) {
  grpc::ClientContext from_gateway;
  from_gateway.AddMetadata("service-token", kServiceToken);
  from_gateway.AddMetadata("x-forwarded-for", "192.0.2.7");
  ASSERT_TRUE(Register("ada@example.org", from_gateway).ok());
  grpc::ClientContext from_liar;
  from_liar.AddMetadata("service-token", "guess");
  from_liar.AddMetadata("x-forwarded-for", "192.0.2.8");
  ASSERT_TRUE(Register("bob@example.org", from_liar).ok());
  EXPECT_THAT(limiter_.subjects, testing::ElementsAre("address:192.0.2.7", "address:127.0.0.1"));
}

class BehindProxyTest : public AuthServiceTest {
 protected:
  BehindProxyTest() : AuthServiceTest({*ParseIpNetwork("127.0.0.0/8")}) {}
};

TEST_F(BehindProxyTest, ATrustedProxyIsBelievedTheLastWhomItNames) {
  grpc::ClientContext context;
  context.AddMetadata("x-forwarded-for", "192.0.2.8");
  context.AddMetadata("x-forwarded-for", "192.0.2.7");
  ASSERT_TRUE(Register("ada@example.org", context).ok());
  EXPECT_THAT(limiter_.subjects, testing::ElementsAre("address:192.0.2.7"));
}

TEST_F(BehindProxyTest, ATrustedProxyThatNamesNobodyIsTheOneWhoAsks) {
  ASSERT_TRUE(Register().ok());
  EXPECT_THAT(limiter_.subjects, testing::ElementsAre("address:127.0.0.1"));
}

TEST_F(AuthServiceTest, AnswersCarryTheRateLimitHeaders) {
  grpc::ClientContext context;
  ASSERT_TRUE(Register("ada@example.org", context).ok());
  auto trailers = context.GetServerTrailingMetadata();
  ASSERT_EQ(trailers.count("ratelimit"), 1u);
  auto value = trailers.find("ratelimit")->second;
  EXPECT_THAT(std::string(value.data(), value.size()), testing::StartsWith("\"register\";r=9"));
  EXPECT_EQ(trailers.count("ratelimit-policy"), 1u);
}

TEST_F(AuthServiceTest, ASignedInPersonSeesAndEndsSessions) {
  const v1::Tokens phone = Register().value();
  const v1::Tokens desk = Login("correct horse battery").value();
  v1::ListSessionsResponse list;
  ASSERT_TRUE(stub_->ListSessions(As(desk).get(), {}, &list).ok());
  ASSERT_EQ(list.sessions_size(), 2);
  const bool first_is_desk = list.sessions(0).current();
  EXPECT_NE(first_is_desk, list.sessions(1).current());
  const v1::Session& phones = list.sessions(first_is_desk ? 1 : 0);
  EXPECT_EQ(phones.device_id(), "phone");
  EXPECT_GT(phones.created_at(), 0);
  EXPECT_EQ(phones.last_used_at(), phones.created_at());

  v1::RevokeSessionRequest request;
  request.set_id(phones.id());
  v1::RevokeSessionResponse response;
  EXPECT_TRUE(stub_->RevokeSession(As(desk).get(), request, &response).ok());
  const grpc::Status refused = stub_->ListSessions(As(phone).get(), {}, &list);
  EXPECT_EQ(ErrorInfoOf(rpc::FromGrpc(refused)).code, Code::kInvalidToken);
  request.set_id("none");
  EXPECT_EQ(stub_->RevokeSession(As(desk).get(), request, &response).error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(AuthServiceTest, ASignedInPersonChangesThePasswordAndDeletesTheAccount) {
  const v1::Tokens tokens = Register().value();
  v1::ChangePasswordRequest change;
  change.set_current_password("correct horse battery");
  change.set_new_password("another good password");
  v1::ChangePasswordResponse changed;
  EXPECT_TRUE(stub_->ChangePassword(As(tokens).get(), change, &changed).ok());
  EXPECT_EQ(CodeOf(Login("correct horse battery")), Code::kBadCredentials);

  v1::DeleteAccountRequest deletion;
  v1::DeleteAccountResponse deleted;
  deletion.set_password("correct horse battery");
  EXPECT_EQ(stub_->DeleteAccount(As(tokens).get(), deletion, &deleted).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  deletion.set_password("another good password");
  EXPECT_TRUE(stub_->DeleteAccount(As(tokens).get(), deletion, &deleted).ok());
  EXPECT_EQ(CodeOf(Login("another good password")), Code::kBadCredentials);
}

TEST_F(AuthServiceTest, OnlyAServiceMayWatchRevocations) {
  grpc::ClientContext without, wrong;
  wrong.AddMetadata("service-token", "guess");
  EXPECT_EQ(stub_->WatchRevocations(&without)->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(stub_->WatchRevocations(&wrong)->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

// What SPEC 9 asks: the request after a logout, with a token that has not expired.
TEST_F(AuthServiceTest, AnotherServiceRefusesTheTokensOfASessionThatHasJustEnded) {
  RunBlocking<void>(loops_.Next(), [this] { return revocations_.Refresh(); });
  RevokedSessions revoked;
  RevocationWatch watch(loops_.Next(), channel_, kServiceToken, revoked);
  ASSERT_TRUE(Eventually([&] { return watch.knows_all(); }));
  JwksTokenVerifier verifier(loops_, channel_, clock_, {.revoked = &revoked});
  const auto verified = [&](const v1::Tokens& tokens) {
    return RunBlocking<absl::StatusOr<Identity>>(
        loops_.Next(), [&] { return verifier.Verify("Bearer " + tokens.access_token(), Origin()); });
  };
  const v1::Tokens kept = Register().value();
  for (int i = 0; i < 10; ++i) {
    const v1::Tokens ended = Login("correct horse battery").value();
    EXPECT_TRUE(verified(ended).ok());
    ASSERT_TRUE(Logout(ended.refresh_token()).ok());
    EXPECT_EQ(CodeOf(verified(ended)), Code::kInvalidToken) << i;
  }
  EXPECT_TRUE(verified(kept).ok());
}

}  // namespace
}  // namespace tidemark::auth
