// Refresh tokens: 256 random bits, given to the client once and kept here only as a hash.
//
// A token's successor is not random but a keyed hash of it, so that whoever repeats a refresh whose answer
// was lost is told the same successor, although that is stored nowhere.
//
//   RefreshToken first{random.Bytes(kRefreshTokenBytes)};
//   FormatRefreshToken(first);                     // for the client
//   HashOf(first);                                 // for the database
//   RefreshToken second = SuccessorOf(first, key);
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "services/auth/domain/crypto.h"

namespace tidemark::auth {

inline constexpr size_t kRefreshTokenBytes = 32;

struct RefreshToken {
  // kRefreshTokenBytes of them.
  std::string secret;
};

// What is stored of a token.
struct RefreshTokenHash {
  std::string bytes;
  auto operator<=>(const RefreshTokenHash&) const = default;
};

// 43 characters of base64url.
std::string FormatRefreshToken(const RefreshToken& token);
// Nothing for what FormatRefreshToken never makes.
std::optional<RefreshToken> ParseRefreshToken(const std::string& text);

RefreshTokenHash HashOf(const RefreshToken& token);

// `key` is derived from the master key: without it, a stolen token does not tell its successor.
RefreshToken SuccessorOf(const RefreshToken& token, const SecretKey& key);

// Under each of `keys`, in their order.
std::vector<RefreshToken> SuccessorsOf(const RefreshToken& token, const SecretKeys& keys);
// The one that a hash is of; nothing if none is.
std::optional<RefreshToken> TokenOf(const RefreshTokenHash& hash, const std::vector<RefreshToken>& tokens);

}  // namespace tidemark::auth
