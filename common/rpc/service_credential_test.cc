#include "common/rpc/service_credential.h"

#include <gtest/gtest.h>

#include <string>

namespace tidemark::rpc {
namespace {

bool Knows(const std::string& token, const ServerCall& call) {
  return ServiceCredential(token).Check(call).ok();
}

TEST(ServiceCredential, TheTokenIsOne) {
  EXPECT_TRUE(Knows("secret", {.service_token = "secret"}));
  EXPECT_FALSE(Knows("secret", {.service_token = "secre"}));
  EXPECT_FALSE(Knows("secret", {.service_token = "Secret"}));
  EXPECT_FALSE(Knows("secret", {}));
}

TEST(ServiceCredential, ACertificateIsOneWhateverTheTokenIs) {
  EXPECT_TRUE(Knows("secret", {.is_certified = true}));
  EXPECT_TRUE(Knows("secret", {.service_token = "another", .is_certified = true}));
  EXPECT_TRUE(Knows("", {.is_certified = true}));
}

TEST(ServiceCredential, WithoutATokenToKnowNoTokenIsOne) {
  EXPECT_FALSE(Knows("", {}));
  EXPECT_FALSE(Knows("", {.service_token = "any"}));
}

TEST(ServiceCredential, WhoHasNoneIsForbidden) {
  EXPECT_TRUE(absl::IsPermissionDenied(ServiceCredential("secret").Check({})));
}

TEST(ServiceCredential, APersonsTokenIsNone) {
  EXPECT_FALSE(Knows("secret", {.authorization = "Bearer secret"}));
}

}  // namespace
}  // namespace tidemark::rpc
