#include "services/auth/domain/signing_key.h"

#include <sodium.h>

#include <utility>

#include "services/auth/domain/base64url.h"
#include "services/auth/domain/crypto.h"

namespace tidemark::auth {

static_assert(kSeedBytes == crypto_sign_SEEDBYTES);
static_assert(kPublicKeyBytes == crypto_sign_PUBLICKEYBYTES);

namespace {

// Long enough never to meet itself among a deployment's keys, short because every request carries it.
constexpr size_t kKeyIdBytes = 9;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* MutableBytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

bool PublicKey::Verifies(std::string_view message, std::string_view signature) const {
  return signature.size() == crypto_sign_BYTES && bytes.size() == kPublicKeyBytes &&
         crypto_sign_verify_detached(Bytes(signature), Bytes(message), message.size(), Bytes(bytes)) == 0;
}

SigningKey::SigningKey(std::string seed) : seed_(std::move(seed)), secret_(crypto_sign_SECRETKEYBYTES, '\0') {
  public_key_.bytes.resize(kPublicKeyBytes);
  crypto_sign_seed_keypair(MutableBytes(public_key_.bytes), MutableBytes(secret_), Bytes(seed_));
  public_key_.id = Base64UrlEncode(Hash(public_key_.bytes).substr(0, kKeyIdBytes));
}

std::string SigningKey::Sign(std::string_view message) const {
  std::string signature(crypto_sign_BYTES, '\0');
  crypto_sign_detached(MutableBytes(signature), nullptr, Bytes(message), message.size(), Bytes(secret_));
  return signature;
}

}  // namespace tidemark::auth
