// Signs as the auth service does, for tokens that it would never make:
//
//   tidemark-sign KID SEALED_SEED…      signs each line of the input with the key of that name
//
// The seeds are what auth.signing_keys holds, in hexadecimal; the variable TIDEMARK_MASTER_KEY opens them.
// Prints a line for each: the signature in base64url.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "services/auth/domain/base64url.h"
#include "services/auth/domain/crypto.h"
#include "services/auth/domain/signing_key.h"

namespace tidemark::auth {
namespace {

std::optional<SigningKey> KeyNamed(const std::string& id, const std::vector<std::string>& sealed_seeds) {
  const char* hex = std::getenv("TIDEMARK_MASTER_KEY");
  const std::optional<SecretKey> master = ParseSecretKey(hex == nullptr ? "" : hex);
  if (!master) return std::nullopt;
  for (const std::string& sealed : sealed_seeds) {
    std::optional<std::string> seed =
        Unseal(DeriveKey(*master, KeyPurpose::kSealSigningKeys), absl::HexStringToBytes(sealed));
    if (!seed) continue;
    SigningKey key(*std::move(seed));
    if (key.public_key().id == id) return key;
  }
  return std::nullopt;
}

int Main(const std::vector<std::string>& arguments) {
  if (arguments.size() < 2) return 2;
  const std::optional<SigningKey> key = KeyNamed(arguments[0], {arguments.begin() + 1, arguments.end()});
  if (!key) return 1;
  for (std::string text; std::getline(std::cin, text);) std::puts(Base64UrlEncode(key->Sign(text)).c_str());
  return 0;
}

}  // namespace
}  // namespace tidemark::auth

int main(int argc, char** argv) { return tidemark::auth::Main({argv + 1, argv + argc}); }
