#include "common/rpc/service_credential.h"

#include <gtest/gtest.h>

#include <string>

namespace tidemark::rpc {
namespace {

bool Believes(const std::string& tokens, const std::string& shown) {
  ServerCall call;
  call.service_token = shown;
  return ServiceCredential(tokens).Check(call).ok();
}

TEST(ServiceCredential, BelievesWhoShowsTheTokenAndNobodyElse) {
  EXPECT_TRUE(Believes("secret", "secret"));
  for (const char* other : {"", "secre", "secret2", "SECRET", ","}) EXPECT_FALSE(Believes("secret", other));
}

TEST(ServiceCredential, OfSeveralTokensShowsTheFirstAndBelievesEach) {
  EXPECT_EQ(ServiceCredential("new,old").shown(), "new");
  EXPECT_TRUE(Believes("new,old", "new"));
  EXPECT_TRUE(Believes("new,old", "old"));
  for (const char* other : {"", "new,old", ",old", "ne", "older"}) EXPECT_FALSE(Believes("new,old", other));
}

TEST(ServiceCredential, ThatIsEmptyBelievesNobody) {
  for (const char* nothing : {"", ",", ",,"}) EXPECT_FALSE(Believes(nothing, ""));
}

TEST(ServiceCredential, IsRefusedAsASettingWithATokenThatNobodyCouldShow) {
  for (const char* good : {"", "secret", "new,old", "a,b,c"}) {
    EXPECT_EQ(ServiceCredential::CheckTokens(good), absl::OkStatus()) << good;
  }
  for (const char* bad : {",", "new,", ",old", "new,,old", "new, old", "two words", "line\n"}) {
    EXPECT_EQ(ServiceCredential::CheckTokens(bad).code(), absl::StatusCode::kInvalidArgument) << bad;
  }
}

TEST(ServiceCredential, ACertificateIsOneWhateverTheTokenIs) {
  EXPECT_TRUE(ServiceCredential("secret").Check({.is_certified = true}).ok());
  EXPECT_TRUE(ServiceCredential("secret").Check({.service_token = "another", .is_certified = true}).ok());
  EXPECT_TRUE(ServiceCredential("").Check({.is_certified = true}).ok());
}

TEST(ServiceCredential, WhoHasNoneIsForbidden) {
  EXPECT_TRUE(absl::IsPermissionDenied(ServiceCredential("secret").Check({})));
}

TEST(ServiceCredential, APersonsTokenIsNone) {
  EXPECT_FALSE(ServiceCredential("secret").Check({.authorization = "Bearer secret"}).ok());
}

}  // namespace
}  // namespace tidemark::rpc
