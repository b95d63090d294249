#include <gmock/gmock.h>

#include "gateway/routes/gateway_fixture.h"

namespace tidemark::gateway {
namespace {

using testing::HasSubstr;

using AuthRoutesTest = GatewayTest;

constexpr const char* kCredentials = R"({"email":"a@b.c","password":"0123456789","device_id":"phone"})";

v1::Tokens SomeTokens() {
  v1::Tokens tokens;
  tokens.set_user_id("u");
  tokens.set_access_token("a.b.c");
  tokens.set_token_type("Bearer");
  tokens.set_expires_in(900);
  tokens.set_refresh_token("r2");
  return tokens;
}

TEST_F(AuthRoutesTest, RegisterIs201WithTokensThatNobodyMayKeep) {
  *auth_.registering.answer->mutable_tokens() = SomeTokens();
  const http::Response response = Send("POST", "/auth/register", kCredentials);
  EXPECT_EQ(response.status, 201);
  EXPECT_THAT(response.body, HasSubstr(R"("expires_in":900)"));
  EXPECT_EQ(Header(response, "Cache-Control"), "no-store");
  EXPECT_EQ(auth_.registering.asked.at(0).email(), "a@b.c");
  EXPECT_EQ(auth_.registering.asked.at(0).device_id(), "phone");
}

TEST_F(AuthRoutesTest, LoginAndRefreshAre200WithTokens) {
  *auth_.login.answer->mutable_tokens() = SomeTokens();
  *auth_.refresh.answer->mutable_tokens() = SomeTokens();
  const http::Response login = Send("POST", "/auth/login", kCredentials);
  const http::Response refresh = Send("POST", "/auth/refresh", R"({"refresh_token":"r1"})");
  EXPECT_EQ(login.status, 200);
  EXPECT_EQ(refresh.status, 200);
  EXPECT_EQ(login.body, refresh.body);
  EXPECT_EQ(auth_.login.asked.at(0).password(), "0123456789");
  EXPECT_EQ(auth_.refresh.asked.at(0).refresh_token(), "r1");
}

TEST_F(AuthRoutesTest, LogoutIs204) {
  const http::Response response = Send("POST", "/auth/logout", R"({"refresh_token":"r1"})");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(auth_.logout.asked.at(0).refresh_token(), "r1");
}

TEST_F(AuthRoutesTest, TheServicesRefusalIsTheAnswer) {
  const struct {
    Code code;
    int http;
  } kRows[] = {{Code::kEmailTaken, 409},
               {Code::kWeakPassword, 422},
               {Code::kInvalidEmail, 422},
               {Code::kRateLimited, 429},
               {Code::kUnavailable, 503}};
  for (const auto& row : kRows) {
    auth_.registering.answer = Error(row.code, "why");
    const http::Response response = Send("POST", "/auth/register", kCredentials);
    EXPECT_EQ(response.status, row.http) << InfoOf(row.code).name;
    EXPECT_THAT(response.body, HasSubstr(R"("code":")" + std::string(InfoOf(row.code).name)));
  }
}

const HeaderList kToken = {{"Authorization", "Bearer a.b.c"}};

TEST_F(AuthRoutesTest, APasswordChangeIs204) {
  const http::Response response =
      Send("POST", "/auth/password", R"({"current_password":"old","new_password":"new"})", kToken);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(auth_.change_password.asked.at(0).current_password(), "old");
  EXPECT_EQ(auth_.change_password.asked.at(0).new_password(), "new");
  EXPECT_EQ(auth_.change_password.authorization, "Bearer a.b.c");
}

TEST_F(AuthRoutesTest, SessionsAreListed) {
  v1::Session& session = *auth_.list_sessions.answer->add_sessions();
  session.set_id("s");
  session.set_device_id("phone");
  session.set_created_at(1);
  session.set_last_used_at(2);
  session.set_current(true);
  const http::Response response = Send("GET", "/auth/sessions", "", kToken);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(
      response.body,
      R"({"sessions":[{"id":"s","device_id":"phone","created_at":1,"last_used_at":2,"current":true}]})");
  EXPECT_EQ(auth_.list_sessions.authorization, "Bearer a.b.c");
}

TEST_F(AuthRoutesTest, ARevokedSessionIs204AndAnUnknownOne404) {
  EXPECT_EQ(Send("DELETE", "/auth/sessions/s1", "", kToken).status, 204);
  EXPECT_EQ(auth_.revoke_session.asked.at(0).id(), "s1");
  EXPECT_EQ(auth_.revoke_session.authorization, "Bearer a.b.c");
  auth_.revoke_session.answer = Error(Code::kNotFound, "why");
  EXPECT_EQ(Send("DELETE", "/auth/sessions/s2", "", kToken).status, 404);
}

TEST_F(AuthRoutesTest, ADeletedAccountIs204) {
  const http::Response response = Send("DELETE", "/auth/account", R"({"password":"secret"})", kToken);
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(auth_.delete_account.asked.at(0).password(), "secret");
  EXPECT_EQ(auth_.delete_account.authorization, "Bearer a.b.c");
}

TEST_F(AuthRoutesTest, WhatNeedsATokenIs401WithoutOne) {
  const std::pair<const char*, const char*> kRoutes[] = {{"POST", "/auth/password"},
                                                         {"GET", "/auth/sessions"},
                                                         {"DELETE", "/auth/sessions/s1"},
                                                         {"DELETE", "/auth/account"}};
  for (const auto& [method, path] : kRoutes) {
    const http::Response response = Send(method, path);
    EXPECT_EQ(response.status, 401) << path;
    EXPECT_THAT(response.body, HasSubstr(R"("code":"missing_token")")) << path;
  }
}

TEST_F(AuthRoutesTest, ASignedInBodyThatIsWrongNeverReachesTheService) {
  const std::pair<const char*, const char*> kRoutes[] = {{"POST", "/auth/password"},
                                                         {"DELETE", "/auth/account"}};
  for (const auto& [method, path] : kRoutes) {
    EXPECT_EQ(Send(method, path, "", kToken).status, 400) << path;
    EXPECT_EQ(Send(method, path, "{}", kToken).status, 422) << path;
    EXPECT_EQ(Send(method, path, R"({"password":1,"new_password":1})", kToken).status, 400) << path;
  }
  EXPECT_TRUE(auth_.change_password.asked.empty() && auth_.delete_account.asked.empty());
}

TEST_F(AuthRoutesTest, WrongCredentialsAre401WithAChallenge) {
  auth_.login.answer = Error(Code::kBadCredentials, "why");
  const http::Response response = Send("POST", "/auth/login", kCredentials);
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(Header(response, "WWW-Authenticate"), "Bearer");
}

TEST_F(AuthRoutesTest, ABodyThatIsWrongNeverReachesTheService) {
  for (const char* path : {"/auth/register", "/auth/login", "/auth/refresh", "/auth/logout"}) {
    EXPECT_EQ(Send("POST", path, "").status, 400) << path;
    EXPECT_EQ(Send("POST", path, "[]").status, 400) << path;
    EXPECT_EQ(Send("POST", path, "{}").status, 422) << path;
    EXPECT_EQ(Send("POST", path, "{}", {{"Content-Type", "text/plain"}}).status, 415) << path;
    EXPECT_EQ(Send("GET", path).status, 405) << path;
  }
  EXPECT_TRUE(auth_.registering.asked.empty() && auth_.login.asked.empty() && auth_.refresh.asked.empty() &&
              auth_.logout.asked.empty());
}

TEST_F(AuthRoutesTest, TheKeySetNeedsNoTokenAndMayBeKeptForHalfAMinute) {
  auth_.jwks.answer->add_keys()->set_kid("k1");
  const http::Response response = Send("GET", "/.well-known/jwks.json");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr(R"("kid":"k1")"));
  EXPECT_EQ(Header(response, "Cache-Control"), "public, max-age=30");
}

}  // namespace
}  // namespace tidemark::gateway
