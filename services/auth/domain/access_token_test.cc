#include "services/auth/domain/access_token.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "common/random/random.h"
#include "common/status/error.h"
#include "services/auth/domain/base64url.h"

namespace tidemark::auth {
namespace {

constexpr UnixMillis kNow{1'735'689'600'000};
const TokenScope kScope{.issuer = "tidemark", .audience = "tidemark"};

AccessClaims Claims() {
  return {.scope = kScope,
          .user = UserId("7b6f6ad8-8c39-4b5a-9d5f-0f5f4b9f1c11"),
          .session = SessionId("2f1c9f3e-3a58-4a53-a1cb-5a0d5d1f7a22"),
          .id = "c2Vzc2lvbnRva2Vu",
          .issued_at = kNow,
          .expires_at = {kNow.value + 900'000}};
}

const SigningKey& Key() {
  static const auto* const key = new SigningKey(std::string(kSeedBytes, '\x01'));
  return *key;
}

// The code of the refusal, or nothing if the token is valid.
std::optional<Code> Refusal(const std::string& token, UnixMillis now = kNow,
                            const TokenScope& scope = kScope) {
  absl::StatusOr<AccessClaims> claims = VerifyAccessToken(token, Key().public_key(), scope, now);
  if (claims.ok()) return std::nullopt;
  return ErrorInfoOf(claims.status()).code;
}

// A token with our key's genuine signature over any header and payload.
std::string Signed(const std::string& header, const std::string& payload) {
  std::string text = Base64UrlEncode(header) + "." + Base64UrlEncode(payload);
  return text + "." + Base64UrlEncode(Key().Sign(text));
}

std::string OurHeader() { return R"({"alg":"EdDSA","typ":"JWT","kid":")" + Key().public_key().id + R"("})"; }
constexpr char kOurPayload[] =
    R"({"iss":"tidemark","aud":"tidemark","sub":"u","exp":1735690500,"iat":1735689600,"jti":"j","sid":"s"})";

TEST(AccessToken, SaysWhatItWasMadeWith) {
  absl::StatusOr<AccessClaims> claims =
      VerifyAccessToken(SignAccessToken(Claims(), Key()), Key().public_key(), kScope, kNow);
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->user, Claims().user);
  EXPECT_EQ(claims->session, Claims().session);
  EXPECT_EQ(claims->id, Claims().id);
  EXPECT_EQ(claims->issued_at, Claims().issued_at);
  EXPECT_EQ(claims->expires_at, Claims().expires_at);
}

TEST(AccessToken, LivesAtLeastAsLongAsWasSaid) {
  AccessClaims claims = Claims();
  claims.issued_at.value += 999;
  claims.expires_at.value += 999;
  const std::string token = SignAccessToken(claims, Key());
  EXPECT_EQ(Refusal(token, {claims.expires_at.value - 1}), std::nullopt);
  EXPECT_EQ(Refusal(token, {claims.expires_at.value + 1}), Code::kExpiredToken);
}

TEST(AccessToken, NamesItsKey) {
  EXPECT_EQ(KeyIdOf(SignAccessToken(Claims(), Key())).value(), Key().public_key().id);
}

TEST(AccessToken, IsShortEnoughForEveryRequest) { EXPECT_LE(SignAccessToken(Claims(), Key()).size(), 420u); }

TEST(AccessToken, AnyChangedBitIsRefused) {
  const std::string token = SignAccessToken(Claims(), Key());
  for (size_t bit = 0; bit < token.size() * 8; ++bit) {
    std::string changed = token;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(Refusal(changed), Code::kInvalidToken) << "bit " << bit;
  }
}

TEST(AccessToken, AnyCutIsRefused) {
  const std::string token = SignAccessToken(Claims(), Key());
  for (size_t length = 0; length < token.size(); ++length) {
    EXPECT_EQ(Refusal(token.substr(0, length)), Code::kInvalidToken) << length;
    EXPECT_EQ(Refusal(token.substr(token.size() - length)), Code::kInvalidToken) << length;
  }
}

TEST(AccessToken, RandomTextIsRefused) {
  SeededRandom random(11);
  for (int i = 0; i < 1000; ++i) {
    std::string noise = Base64UrlEncode(random.Bytes(40)) + "." + Base64UrlEncode(random.Bytes(90)) + "." +
                        Base64UrlEncode(random.Bytes(64));
    EXPECT_EQ(Refusal(noise), Code::kInvalidToken) << noise;
    EXPECT_FALSE(KeyIdOf(noise).ok());
  }
}

TEST(AccessToken, ExpiresAtItsTimeWithoutLeeway) {
  const std::string token = SignAccessToken(Claims(), Key());
  EXPECT_EQ(Refusal(token, {Claims().expires_at.value - 1}), std::nullopt);
  EXPECT_EQ(Refusal(token, Claims().expires_at), Code::kExpiredToken);
}

TEST(AccessToken, IsNotGoodBeforeItsTimeButForAMinuteThatClocksMayDiffer) {
  const std::string token = SignAccessToken(Claims(), Key());
  EXPECT_EQ(Refusal(token, {kNow.value - 60'000}), std::nullopt);
  EXPECT_EQ(Refusal(token, {kNow.value - 60'001}), Code::kInvalidToken);
}

TEST(AccessToken, ObeysANotBeforeThoughOursHaveNone) {
  const auto not_before = [](const std::string& nbf) {
    return Signed(OurHeader(),
                  R"({"iss":"tidemark","aud":"tidemark","sub":"u","exp":1735690500,"iat":1735689600,)"
                  R"("jti":"j","sid":"s","nbf":)" +
                      nbf + "}");
  };
  EXPECT_EQ(Refusal(not_before("1735689600")), std::nullopt);
  EXPECT_EQ(Refusal(not_before("1735689660")), std::nullopt);
  EXPECT_EQ(Refusal(not_before("1735689661")), Code::kInvalidToken);
  EXPECT_EQ(Refusal(not_before("\"1735689600\"")), Code::kInvalidToken);
  EXPECT_EQ(Refusal(not_before("null")), Code::kInvalidToken);
}

TEST(AccessToken, ForgedAndExpiredIsInvalidNotExpired) {
  SigningKey other(std::string(kSeedBytes, '\x02'));
  EXPECT_EQ(Refusal(SignAccessToken(Claims(), other), {Claims().expires_at.value + 1}), Code::kInvalidToken);
}

TEST(AccessToken, OfAnotherKeyIsRefusedEvenUnderOurKeysName) {
  SigningKey other(std::string(kSeedBytes, '\x02'));
  std::string text = Base64UrlEncode(OurHeader()) + "." + Base64UrlEncode(kOurPayload);
  EXPECT_EQ(Refusal(text + "." + Base64UrlEncode(other.Sign(text))), Code::kInvalidToken);
}

TEST(AccessToken, IsForOneIssuerAndAudience) {
  const std::string token = SignAccessToken(Claims(), Key());
  EXPECT_EQ(Refusal(token, kNow, {.issuer = "other", .audience = "tidemark"}), Code::kInvalidToken);
  EXPECT_EQ(Refusal(token, kNow, {.issuer = "tidemark", .audience = "other"}), Code::kInvalidToken);
}

TEST(AccessToken, AlgorithmIsFixedByTheKey) {
  ASSERT_EQ(Refusal(Signed(OurHeader(), kOurPayload)), std::nullopt);
  const std::string kid = R"("kid":")" + Key().public_key().id + "\"";
  const std::vector<std::string> headers = {
      R"({"alg":"none","typ":"JWT",)" + kid + "}",
      R"({"alg":"HS256","typ":"JWT",)" + kid + "}",
      R"({"alg":"eddsa","typ":"JWT",)" + kid + "}",
      R"({"alg":"EdDSA","typ":"JWT","crit":["exp"],)" + kid + "}",
      R"({"typ":"JWT",)" + kid + "}",
      R"({"alg":"EdDSA",)" + kid + "}",
      R"({"alg":"EdDSA","typ":"JWT"})",
      R"({"alg":"EdDSA","typ":"JWT","kid":7})",
      "[]",
      "null",
      "",
  };
  for (const std::string& header : headers) {
    EXPECT_EQ(Refusal(Signed(header, kOurPayload)), Code::kInvalidToken) << header;
  }
}

TEST(AccessToken, UnsignedIsRefused) {
  EXPECT_EQ(Refusal(Base64UrlEncode(OurHeader()) + "." + Base64UrlEncode(kOurPayload) + "."),
            Code::kInvalidToken);
}

TEST(AccessToken, OddPayloadsAreRefusedEvenWhenSigned) {
  for (
      const char* payload :
      {"", "null", "[]", "{}", "{} ", R"({"iss":"tidemark","aud":"tidemark"})",
       R"({"iss":"tidemark","aud":"tidemark","sub":"u","exp":"1735690500","iat":1735689600,"jti":"j","sid":"s"})",
       R"({"iss":"tidemark","aud":"tidemark","sub":"u","exp":1735690500.5,"iat":1735689600,"jti":"j","sid":"s"})",
       R"({"iss":"tidemark","aud":"tidemark","sub":"u","exp":1e30,"iat":1735689600,"jti":"j","sid":"s"})",
       R"({"iss":"tidemark","aud":"tidemark","sub":"u","exp":9223372036854775807,"iat":0,"jti":"j","sid":"s"})",
       R"({"iss":"tidemark","aud":"tidemark","sub":"u","exp":-1,"iat":1735689600,"jti":"j","sid":"s"})",
       R"({"iss":"tidemark","aud":["tidemark"],"sub":"u","exp":1735690500,"iat":0,"jti":"j","sid":"s"})",
       R"({"iss":"tidemark","aud":"tidemark","sub":"","exp":1735690500,"iat":1735689600,"jti":"j","sid":"s"})",
       R"({"iss":"tidemark","aud":"tidemark","sub":"u","exp":1735690500,"iat":1735689600,"jti":"j"})",
       R"({"iss":"tidemark","aud":"tidemark","sub":"u","exp":1735690500,"iat":0,"jti":"j","sid":"s"} {})"}) {
    EXPECT_EQ(Refusal(Signed(OurHeader(), payload)), Code::kInvalidToken) << payload;
  }
}

TEST(AccessToken, OverlongIsNotLookedAt) {
  EXPECT_EQ(Refusal(SignAccessToken(Claims(), Key()) + std::string(3000, 'A')), Code::kInvalidToken);
}

}  // namespace
}  // namespace tidemark::auth
