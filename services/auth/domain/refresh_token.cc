#include "services/auth/domain/refresh_token.h"

#include <utility>

#include "services/auth/domain/base64url.h"

namespace tidemark::auth {

static_assert(kRefreshTokenBytes == kHashBytes, "a successor is a hash of its predecessor");

std::string FormatRefreshToken(const RefreshToken& token) { return Base64UrlEncode(token.secret); }

std::optional<RefreshToken> ParseRefreshToken(const std::string& text) {
  std::optional<std::string> secret = Base64UrlDecode(text);
  if (!secret.has_value() || secret->size() != kRefreshTokenBytes) return std::nullopt;
  return RefreshToken{*std::move(secret)};
}

RefreshTokenHash HashOf(const RefreshToken& token) { return {Hash(token.secret)}; }

RefreshToken SuccessorOf(const RefreshToken& token, const SecretKey& key) {
  return {KeyedHash(key, token.secret)};
}

std::vector<RefreshToken> SuccessorsOf(const RefreshToken& token, const SecretKeys& keys) {
  std::vector<RefreshToken> successors;
  for (const SecretKey& key : keys) successors.push_back(SuccessorOf(token, key));
  return successors;
}

std::optional<RefreshToken> TokenOf(const RefreshTokenHash& hash, const std::vector<RefreshToken>& tokens) {
  for (const RefreshToken& token : tokens) {
    if (HashOf(token) == hash) return token;
  }
  return std::nullopt;
}

}  // namespace tidemark::auth
