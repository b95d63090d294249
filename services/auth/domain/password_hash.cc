#include "services/auth/domain/password_hash.h"

#include <sodium.h>

#include <new>

namespace tidemark::auth {
namespace {

constexpr unsigned long long kPasses = 2;
constexpr size_t kMemoryBytes = size_t{19} * 1024 * 1024;

}  // namespace

std::string HashPassword(const std::string& password) {
  char hash[crypto_pwhash_STRBYTES];
  int failed = crypto_pwhash_str_alg(hash, password.data(), password.size(), kPasses, kMemoryBytes,
                                     crypto_pwhash_ALG_ARGON2ID13);
  if (failed != 0) throw std::bad_alloc();  // libsodium's only reason here.
  return hash;
}

bool PasswordMatches(const std::string& hash, const std::string& password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

const std::string& HashOfNobody() {
  // The tag is all zeros: to match it, a password would have to be a preimage of that.
  static const auto* const hash = new std::string(
      "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  return *hash;
}

}  // namespace tidemark::auth
