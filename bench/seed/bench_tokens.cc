#include "bench/seed/bench_tokens.h"

#include <optional>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "bench/users/failed.h"
#include "services/auth/domain/access_token.h"
#include "services/auth/domain/base64url.h"
#include "services/auth/domain/crypto.h"
#include "services/auth/domain/key_schedule.h"

namespace tidemark::bench {
namespace {

constexpr std::size_t kTokenIdBytes = 12;

struct SealedKeys {
  std::vector<auth::KeyPeriod> periods;
  std::vector<std::string> seeds;
};

int64_t Number(const std::string& text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) throw Failed(absl::StrCat("PostgreSQL gave no number: ", text));
  return number;
}

SealedKeys ReadKeys(OwnerConnection& postgres) {
  SealedKeys keys;
  for (const std::vector<std::string>& row :
       postgres.Ask("select number, signs_from, signs_until, encode(sealed_seed, 'hex') from "
                    "auth.signing_keys order by number")) {
    keys.periods.push_back(
        {.number = Number(row[0]), .signs_from = {Number(row[1])}, .signs_until = {Number(row[2])}});
    keys.seeds.push_back(absl::HexStringToBytes(row[3]));
  }
  return keys;
}

auth::SigningKey SignerOf(OwnerConnection& postgres, const std::string& master_key, UnixMillis now) {
  const std::optional<auth::SecretKey> master = auth::ParseSecretKey(master_key);
  if (!master) throw Failed("the master key must be 64 hexadecimal digits");
  const SealedKeys keys = ReadKeys(postgres);
  const std::optional<std::size_t> signer = auth::SignerAt(keys.periods, now);
  if (!signer) throw Failed("there is no key to sign with: start the auth service first");
  std::optional<std::string> seed =
      auth::Unseal(auth::DeriveKey(*master, auth::KeyPurpose::kSealSigningKeys), keys.seeds[*signer]);
  if (!seed) throw Failed("the signing keys were sealed under another master key");
  return auth::SigningKey(*std::move(seed));
}

}  // namespace

BenchTokens::BenchTokens(OwnerConnection& postgres, const std::string& master_key, UnixMillis now,
                         absl::Duration lifetime, Random& random)
    : issued_at_(now),
      expires_at_{now.value + absl::ToInt64Milliseconds(lifetime)},
      random_(random),
      key_(SignerOf(postgres, master_key, now)) {}

std::string BenchTokens::TokenOf(const std::string& user) const {
  return auth::SignAccessToken({.scope = {.issuer = "tidemark", .audience = "tidemark"},
                                .user = UserId(user),
                                .session = SessionId(NewUuid(random_)),
                                .id = auth::Base64UrlEncode(random_.Bytes(kTokenIdBytes)),
                                .issued_at = issued_at_,
                                .expires_at = expires_at_},
                               key_);
}

}  // namespace tidemark::bench
