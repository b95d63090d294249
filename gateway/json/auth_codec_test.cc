#include "gateway/json/auth_codec.h"

#include <gtest/gtest.h>

#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

template <typename Message>
void ExpectRefused(const absl::StatusOr<Message>& message, Code code, const std::string& pointer) {
  ASSERT_FALSE(message.ok());
  EXPECT_EQ(InfoOf(ErrorInfoOf(message.status()).code).name, InfoOf(code).name);
  EXPECT_EQ(ErrorInfoOf(message.status()).details.pointer, pointer);
}

TEST(DecodeCredentials, RegisterAndLoginTakeTheSameBody) {
  constexpr std::string_view kBody = R"({"email":"a@b.c","password":"pä55","device_id":"phone"})";
  const absl::StatusOr<v1::RegisterRequest> registering = DecodeRegisterRequest(kBody);
  const absl::StatusOr<v1::LoginRequest> login = DecodeLoginRequest(kBody);
  ASSERT_TRUE(registering.ok() && login.ok());
  EXPECT_EQ(registering->email(), "a@b.c");
  EXPECT_EQ(registering->password(), "pä55");
  EXPECT_EQ(registering->device_id(), "phone");
  EXPECT_EQ(registering->SerializeAsString(), login->SerializeAsString());
}

TEST(DecodeCredentials, DeviceIdMayBeAbsentButNotNull) {
  const absl::StatusOr<v1::LoginRequest> login = DecodeLoginRequest(R"({"email":"a","password":"b"})");
  ASSERT_TRUE(login.ok());
  EXPECT_FALSE(login->has_device_id());
  ExpectRefused(DecodeLoginRequest(R"({"email":"a","password":"b","device_id":null})"), Code::kBadType,
                "/device_id");
}

TEST(DecodeCredentials, NamesWhatIsMissingOrWrong) {
  ExpectRefused(DecodeRegisterRequest("{}"), Code::kValidation, "/email");
  ExpectRefused(DecodeRegisterRequest(R"({"email":"a"})"), Code::kValidation, "/password");
  ExpectRefused(DecodeRegisterRequest(R"({"email":5,"password":"b"})"), Code::kBadType, "/email");
  ExpectRefused(DecodeLoginRequest(R"(["a","b"])"), Code::kBadType, "");
  ExpectRefused(DecodeLoginRequest(""), Code::kMalformedJson, "");
}

TEST(DecodeCredentials, AnErrorNeverRepeatsThePassword) {
  const absl::StatusOr<v1::LoginRequest> login =
      DecodeLoginRequest(R"({"password":"hunter2hunter2","email":5})");
  ASSERT_FALSE(login.ok());
  EXPECT_EQ(login.status().ToString().find("hunter2"), std::string::npos);
}

TEST(DecodeRefreshToken, RefreshAndLogoutTakeTheSameBody) {
  const absl::StatusOr<v1::RefreshRequest> refresh = DecodeRefreshRequest(R"({"refresh_token":"r"})");
  const absl::StatusOr<v1::LogoutRequest> logout = DecodeLogoutRequest(R"({"refresh_token":"r"})");
  ASSERT_TRUE(refresh.ok() && logout.ok());
  EXPECT_EQ(refresh->refresh_token(), "r");
  EXPECT_EQ(logout->refresh_token(), "r");
  ExpectRefused(DecodeRefreshRequest("{}"), Code::kValidation, "/refresh_token");
  ExpectRefused(DecodeLogoutRequest(R"({"refresh_token":null})"), Code::kBadType, "/refresh_token");
}

TEST(EncodeTokens, HasTheMembersOfTheSpec) {
  v1::Tokens tokens;
  tokens.set_user_id("u");
  tokens.set_access_token("a.b.c");
  tokens.set_token_type("Bearer");
  tokens.set_expires_in(900);
  tokens.set_refresh_token("r");
  EXPECT_EQ(
      EncodeTokens(tokens),
      R"({"user_id":"u","access_token":"a.b.c","token_type":"Bearer","expires_in":900,"refresh_token":"r"})");
}

TEST(DecodeChangePasswordRequest, NeedsBothPasswords) {
  const auto request = DecodeChangePasswordRequest(R"({"current_password":"a","new_password":"b"})");
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->current_password(), "a");
  EXPECT_EQ(request->new_password(), "b");
  const absl::Status missing = DecodeChangePasswordRequest(R"({"current_password":"a"})").status();
  EXPECT_EQ(ErrorInfoOf(missing).code, Code::kValidation);
  EXPECT_EQ(ErrorInfoOf(missing).details.pointer, "/new_password");
}

TEST(EncodeSessions, OfNobodyIsAnEmptyList) {
  EXPECT_EQ(EncodeSessions(v1::ListSessionsResponse()), R"({"sessions":[]})");
}

TEST(EncodeJwks, IsAJwkSet) {
  v1::GetJwksResponse response;
  EXPECT_EQ(EncodeJwks(response), R"({"keys":[]})");
  v1::Jwk* key = response.add_keys();
  key->set_kty("OKP");
  key->set_crv("Ed25519");
  key->set_alg("EdDSA");
  key->set_use("sig");
  key->set_kid("k1");
  key->set_x("AAAA");
  EXPECT_EQ(EncodeJwks(response),
            R"({"keys":[{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","use":"sig","kid":"k1","x":"AAAA"}]})");
}

}  // namespace
}  // namespace tidemark::gateway
