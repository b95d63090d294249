#include "services/auth/domain/crypto.h"

#include <sodium.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_split.h"

namespace tidemark::auth {

static_assert(kSecretKeyBytes == crypto_kdf_KEYBYTES);
static_assert(kSecretKeyBytes == crypto_secretbox_KEYBYTES);
static_assert(kSealNonceBytes == crypto_secretbox_NONCEBYTES);
static_assert(kHashBytes == crypto_generichash_BYTES);

namespace {

constexpr char kDerivationContext[crypto_kdf_CONTEXTBYTES + 1] = "tidemark";

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* MutableBytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::optional<SecretKey> ParseSecretKey(const std::string& hex) {
  if (hex.size() != 2 * kSecretKeyBytes || !std::all_of(hex.begin(), hex.end(), absl::ascii_isxdigit)) {
    return std::nullopt;
  }
  std::string bytes = absl::HexStringToBytes(hex);
  SecretKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
  return key;
}

std::optional<SecretKeys> ParseSecretKeys(const std::string& list) {
  SecretKeys keys;
  const std::vector<std::string> parts = absl::StrSplit(list, ',');
  for (const std::string& hex : parts) {
    const std::optional<SecretKey> key = ParseSecretKey(hex);
    if (!key.has_value()) return std::nullopt;
    keys.push_back(*key);
  }
  return keys;
}

SecretKey DeriveKey(const SecretKey& master, KeyPurpose purpose) {
  SecretKey derived;
  crypto_kdf_derive_from_key(derived.bytes.data(), derived.bytes.size(), static_cast<uint64_t>(purpose),
                             kDerivationContext, master.bytes.data());
  return derived;
}

SecretKeys DeriveKeys(const SecretKeys& masters, KeyPurpose purpose) {
  SecretKeys derived;
  for (const SecretKey& master : masters) derived.push_back(DeriveKey(master, purpose));
  return derived;
}

std::string Hash(std::string_view bytes) {
  std::string hash(kHashBytes, '\0');
  crypto_generichash(MutableBytes(hash), hash.size(), Bytes(bytes), bytes.size(), nullptr, 0);
  return hash;
}

std::string KeyedHash(const SecretKey& key, std::string_view bytes) {
  std::string hash(kHashBytes, '\0');
  crypto_generichash(MutableBytes(hash), hash.size(), Bytes(bytes), bytes.size(), key.bytes.data(),
                     key.bytes.size());
  return hash;
}

std::string Seal(const SecretKey& key, std::string_view plain, const std::string& nonce) {
  std::string box(plain.size() + crypto_secretbox_MACBYTES, '\0');
  crypto_secretbox_easy(MutableBytes(box), Bytes(plain), plain.size(), Bytes(nonce), key.bytes.data());
  return nonce + box;
}

std::optional<std::string> Unseal(const SecretKey& key, std::string_view sealed) {
  if (sealed.size() < kSealNonceBytes + crypto_secretbox_MACBYTES) return std::nullopt;
  std::string_view nonce = sealed.substr(0, kSealNonceBytes);
  std::string_view box = sealed.substr(kSealNonceBytes);
  std::string plain(box.size() - crypto_secretbox_MACBYTES, '\0');
  int forged =
      crypto_secretbox_open_easy(MutableBytes(plain), Bytes(box), box.size(), Bytes(nonce), key.bytes.data());
  if (forged != 0) return std::nullopt;
  return plain;
}

bool EqualSecrets(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace tidemark::auth
