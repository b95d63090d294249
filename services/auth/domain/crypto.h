// The primitives that auth builds on, each a small function over libsodium.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tidemark::auth {

inline constexpr size_t kSecretKeyBytes = 32;
inline constexpr size_t kHashBytes = 32;
inline constexpr size_t kSealNonceBytes = 24;

struct SecretKey {
  std::array<unsigned char, kSecretKeyBytes> bytes{};
};

// From 64 hexadecimal digits; nothing for anything else.
std::optional<SecretKey> ParseSecretKey(const std::string& hex);

// Those of one purpose, of which there are several only while one takes another's place: the first is made
// use of, and what was made with any of them before counts.
using SecretKeys = std::vector<SecretKey>;

// From one, or several parted by commas; nothing for anything else.
std::optional<SecretKeys> ParseSecretKeys(const std::string& list);

// What a key derived from the master key is for; no key serves two purposes. The numbers are for ever.
enum class KeyPurpose { kSealSigningKeys = 1, kDeriveRefreshSuccessors = 2, kHashNetworks = 3 };

SecretKey DeriveKey(const SecretKey& master, KeyPurpose purpose);
// Of each, in the same order.
SecretKeys DeriveKeys(const SecretKeys& masters, KeyPurpose purpose);

// BLAKE2b, 32 bytes.
std::string Hash(std::string_view bytes);
// The same under a key: nobody without it can compute or foresee the result.
std::string KeyedHash(const SecretKey& key, std::string_view bytes);

// Encrypts and authenticates. `nonce` is kSealNonceBytes random bytes, never used twice.
std::string Seal(const SecretKey& key, std::string_view plain, const std::string& nonce);
// Nothing if `sealed` was made under another key or changed since.
std::optional<std::string> Unseal(const SecretKey& key, std::string_view sealed);

// Takes the same time wherever the two differ.
bool EqualSecrets(std::string_view a, std::string_view b);

}  // namespace tidemark::auth
