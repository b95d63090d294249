// The Ed25519 keys that access tokens are signed and verified with.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::auth {

inline constexpr size_t kSeedBytes = 32;
inline constexpr size_t kPublicKeyBytes = 32;

struct PublicKey {
  // The `kid` of tokens and of the published set.
  std::string id;
  // kPublicKeyBytes of them.
  std::string bytes;

  // False for any signature but the one canonical for this message and key.
  bool Verifies(std::string_view message, std::string_view signature) const;
};

class SigningKey {
 public:
  // `seed`: kSeedBytes random bytes. The same seed gives the same key with the same id.
  explicit SigningKey(std::string seed);

  const PublicKey& public_key() const { return public_key_; }
  const std::string& seed() const { return seed_; }
  std::string Sign(std::string_view message) const;

 private:
  std::string seed_;
  std::string secret_;
  PublicKey public_key_;
};

}  // namespace tidemark::auth
