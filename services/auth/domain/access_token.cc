#include "services/auth/domain/access_token.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"
#include "services/auth/domain/base64url.h"

namespace tidemark::auth {
namespace {

namespace json = boost::json;

constexpr size_t kHeaderMembers = 3;
constexpr int64_t kMillisPerSecond = 1000;
// How far the clock of who verifies may be behind that of who signed.
constexpr int64_t kClockSkewMillisMax = 60'000;

// A token's three parts, undecoded.
struct Parts {
  std::string_view header;
  std::string_view payload;
  std::string_view signature;
  // What the signature is over: header, dot, payload.
  std::string_view signed_text;
};

std::optional<Parts> Split(std::string_view token) {
  if (token.size() > kAccessTokenBytesMax) return std::nullopt;
  const size_t first = token.find('.');
  const size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  return Parts{.header = token.substr(0, first),
               .payload = token.substr(first + 1, last - first - 1),
               .signature = token.substr(last + 1),
               .signed_text = token.substr(0, last)};
}

std::optional<json::object> DecodeObject(std::string_view part) {
  std::optional<std::string> text = Base64UrlDecode(part);
  if (!text.has_value()) return std::nullopt;
  json::error_code error;
  json::value value = json::parse(*text, error);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

std::string EncodeObject(const json::object& object) { return Base64UrlEncode(json::serialize(object)); }

// The member's text; empty if there is none, which no valid token has.
std::string Text(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return "";
  return std::string(value->get_string());
}

std::optional<UnixMillis> Seconds(const json::object& object, const char* name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  const int64_t seconds = value->get_int64();
  if (seconds < 0 || seconds > kUnixMillisMax / kMillisPerSecond) return std::nullopt;
  return UnixMillis{seconds * kMillisPerSecond};
}

json::object HeaderFor(const std::string& key_id) {
  return {{"alg", "EdDSA"}, {"typ", "JWT"}, {"kid", key_id}};
}

// The `kid` of a header that is just as ours are.
std::optional<std::string> KeyIdOfHeader(std::string_view part) {
  std::optional<json::object> header = DecodeObject(part);
  if (!header.has_value() || header->size() != kHeaderMembers) return std::nullopt;
  std::string key_id = Text(*header, "kid");
  if (key_id.empty() || *header != HeaderFor(key_id)) return std::nullopt;
  return key_id;
}

std::optional<AccessClaims> ClaimsOf(const std::optional<json::object>& payload) {
  if (!payload.has_value()) return std::nullopt;
  std::optional<UnixMillis> issued_at = Seconds(*payload, "iat");
  std::optional<UnixMillis> expires_at = Seconds(*payload, "exp");
  if (!issued_at.has_value() || !expires_at.has_value()) return std::nullopt;
  AccessClaims claims{.scope = {.issuer = Text(*payload, "iss"), .audience = Text(*payload, "aud")},
                      .user = UserId(Text(*payload, "sub")),
                      .session = SessionId(Text(*payload, "sid")),
                      .id = Text(*payload, "jti"),
                      .issued_at = *issued_at,
                      .expires_at = *expires_at};
  if (claims.user.empty() || claims.session.empty() || claims.id.empty()) return std::nullopt;
  return claims;
}

// Ours have no `nbf`; one that is there counts (RFC 7519).
bool IsEarly(const json::object& payload, UnixMillis now) {
  const auto comes = [&](const char* name) {
    const std::optional<UnixMillis> time = Seconds(payload, name);
    return !time.has_value() || time->value > now.value + kClockSkewMillisMax;
  };
  return comes("iat") || (payload.contains("nbf") && comes("nbf"));
}

}  // namespace

std::string SignAccessToken(const AccessClaims& claims, const SigningKey& key) {
  const json::object payload = {{"iss", claims.scope.issuer},
                                {"aud", claims.scope.audience},
                                {"sub", claims.user.value()},
                                {"exp", (claims.expires_at.value + kMillisPerSecond - 1) / kMillisPerSecond},
                                {"iat", claims.issued_at.value / kMillisPerSecond},
                                {"jti", claims.id},
                                {"sid", claims.session.value()}};
  std::string signed_text =
      absl::StrCat(EncodeObject(HeaderFor(key.public_key().id)), ".", EncodeObject(payload));
  return absl::StrCat(signed_text, ".", Base64UrlEncode(key.Sign(signed_text)));
}

absl::StatusOr<std::string> KeyIdOf(std::string_view token) {
  std::optional<Parts> parts = Split(token);
  if (!parts.has_value()) return InvalidTokenError();
  std::optional<std::string> key_id = KeyIdOfHeader(parts->header);
  if (!key_id.has_value()) return InvalidTokenError();
  return *std::move(key_id);
}

absl::StatusOr<AccessClaims> VerifyAccessToken(std::string_view token, const PublicKey& key,
                                               const TokenScope& scope, UnixMillis now) {
  std::optional<Parts> parts = Split(token);
  if (!parts.has_value() || KeyIdOfHeader(parts->header) != key.id) return InvalidTokenError();
  std::optional<std::string> signature = Base64UrlDecode(parts->signature);
  if (!signature.has_value() || !key.Verifies(parts->signed_text, *signature)) return InvalidTokenError();
  const std::optional<json::object> payload = DecodeObject(parts->payload);
  std::optional<AccessClaims> claims = ClaimsOf(payload);
  if (!claims.has_value() || claims->scope != scope || IsEarly(*payload, now)) return InvalidTokenError();
  if (now >= claims->expires_at) return ExpiredTokenError();
  return *std::move(claims);
}

absl::Status MissingTokenError() {
  return Error(Code::kMissingToken, "An access token is needed: Authorization: Bearer …");
}
absl::Status InvalidTokenError() { return Error(Code::kInvalidToken, "The access token is not valid."); }
absl::Status ExpiredTokenError() { return Error(Code::kExpiredToken, "The access token has expired."); }

}  // namespace tidemark::auth
