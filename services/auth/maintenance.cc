#include "services/auth/maintenance.h"

#include <cstdio>
#include <iostream>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "common/log/log.h"
#include "common/pg/migrate.h"
#include "common/pg/pool.h"
#include "common/random/random.h"
#include "services/auth/domain/base64url.h"
#include "services/auth/domain/email.h"
#include "services/auth/domain/password.h"
#include "services/auth/domain/password_hash.h"
#include "services/auth/engine/key_ring.h"
#include "services/auth/migrations/migrations.h"
#include "services/auth/storage/postgres_store.h"

namespace tidemark::auth {
namespace {

// 144 bits, 24 characters.
constexpr size_t kMadePasswordBytes = 18;

template <typename... Parts>
void Print(const Parts&... parts) {
  std::puts(absl::StrCat(parts...).c_str());
}

int Fail(std::string_view event, const absl::Status& status) {
  log::Error(event, {{"status", status.ToString()}});
  return 1;
}

pg::PoolOptions OneConnection(const std::string& url) {
  return {.url = url, .connections = 1, .statements = Statements()};
}

// Nothing: none was given.
std::string ReadPassword() {
  std::string line;
  std::getline(std::cin, line);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

Task<absl::StatusOr<int64_t>> SetPassword(AccountStore& accounts, std::string email_key,
                                          std::string password_hash, UnixMillis now) {
  absl::StatusOr<std::optional<FoundAccount>> found =
      co_await accounts.FindAccount(std::move(email_key), NetworkHash());
  if (!found.ok()) co_return found.status();
  if (!found->has_value()) co_return absl::NotFoundError("no account has this e-mail address");
  PasswordChange change{.user = (*found)->account.user,
                        .password_hash = std::move(password_hash),
                        .replaces_version = (*found)->account.password_version,
                        .keeps = std::nullopt,
                        .now = now};
  absl::StatusOr<std::vector<Revocation>> ended = co_await accounts.ChangePassword(std::move(change));
  if (!ended.ok()) co_return ended.status();
  co_return static_cast<int64_t>(ended->size());
}

}  // namespace

int MigrateSchema(const std::string& owner_url) {
  const absl::Status status = pg::Migrate(owner_url, "auth", Migrations());
  return status.ok() ? 0 : Fail("migration_failed", status);
}

int ResetPassword(const std::string& postgres_url, const std::string& email, int password_length_min) {
  const absl::StatusOr<Email> address = ParseEmail(email);
  if (!address.ok()) return Fail("password_not_reset", address.status());
  const SystemClock clock;
  SystemRandom random;
  std::string password = ReadPassword();
  const bool is_made = password.empty();
  if (is_made) password = Base64UrlEncode(random.Bytes(kMadePasswordBytes));
  const absl::Status acceptable = CheckNewPassword(password, password_length_min);
  if (!is_made && !acceptable.ok()) return Fail("password_not_reset", acceptable);

  EventLoops loops(1);
  pg::Pool postgres(OneConnection(postgres_url));
  PostgresAccountStore accounts(postgres);
  const std::string hash = HashPassword(password);
  const auto ended = RunBlocking<absl::StatusOr<int64_t>>(
      loops.Next(), [&] { return SetPassword(accounts, address->key, hash, clock.Now()); });
  if (!ended.ok()) return Fail("password_not_reset", ended.status());
  if (is_made) Print(password);
  log::Info("password_reset", {{"sessions_ended", *ended}});
  return 0;
}

int RotateKeys(const std::string& postgres_url, const SecretKeys& masters, absl::Duration token_lifetime) {
  const SystemClock clock;
  SystemRandom random;
  EventLoops loops(1);
  pg::Pool postgres(OneConnection(postgres_url));
  PostgresKeyStore key_store(postgres);
  KeyRing keys(key_store, clock, random, DeriveKeys(masters, KeyPurpose::kSealSigningKeys), token_lifetime);
  const auto period = RunBlocking<absl::StatusOr<KeyPeriod>>(loops.Next(), [&keys] { return keys.Rotate(); });
  if (!period.ok()) return Fail("keys_not_rotated", period.status());
  Print("signing key ", period->number, " takes over at ",
        absl::FormatTime(absl::RFC3339_sec, absl::FromUnixMillis(period->signs_from.value),
                         absl::UTCTimeZone()));
  return 0;
}

}  // namespace tidemark::auth
