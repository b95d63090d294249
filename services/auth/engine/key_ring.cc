#include "services/auth/engine/key_ring.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log/log.h"
#include "common/status/error.h"

namespace tidemark::auth {
namespace {

// Of stored keys, or of those of a ring.
std::vector<KeyPeriod> PeriodsOf(const auto& keys) {
  std::vector<KeyPeriod> periods;
  for (const auto& key : keys) periods.push_back(key.period);
  return periods;
}

absl::Status NoKeyYet() {
  return Error(Code::kUnavailable, "There is no key to sign with yet.", {.retry_after = absl::Seconds(5)});
}

}  // namespace

KeyRing::KeyRing(KeyStore& store, const Clock& clock, Random& random, SecretKeys sealing_keys,
                 absl::Duration token_lifetime)
    : store_(store),
      clock_(clock),
      random_(random),
      sealing_keys_(std::move(sealing_keys)),
      token_lifetime_(token_lifetime) {}

Task<absl::StatusOr<std::shared_ptr<const SigningKey>>> KeyRing::Signer(Origin origin) {
  absl::StatusOr<std::shared_ptr<const Keys>> keys = co_await Current(std::move(origin));
  if (!keys.ok()) co_return keys.status();
  const std::optional<size_t> signer = SignerAt(PeriodsOf(**keys), clock_.Now());
  if (!signer.has_value()) co_return NoKeyYet();
  co_return (**keys)[*signer].key;
}

Task<absl::StatusOr<std::vector<PublicKey>>> KeyRing::Published(Origin origin) {
  absl::StatusOr<std::shared_ptr<const Keys>> keys = co_await Current(std::move(origin));
  if (!keys.ok()) co_return keys.status();
  const std::vector<KeyPeriod> periods = PeriodsOf(**keys);
  const UnixMillis now = clock_.Now();
  std::vector<PublicKey> published;
  for (size_t i = 0; i < periods.size(); ++i) {
    if (IsPublished(periods, i, token_lifetime_, now)) published.push_back((**keys)[i].key->public_key());
  }
  co_return published;
}

Task<absl::Status> KeyRing::Read() {
  absl::StatusOr<std::vector<StoredKey>> stored = co_await store_.LoadKeys();
  if (!stored.ok()) co_return stored.status();
  if (std::optional<KeyPeriod> due = NextKeyDue(PeriodsOf(*stored), clock_.Now())) {
    // A process that has another master key than the others is not to make a key that they cannot open.
    if (absl::Status opened = Open(*stored).status(); !opened.ok()) co_return opened;
    const absl::Status made = co_await Make(*due);
    if (!made.ok() && !absl::IsAlreadyExists(made)) co_return made;
    stored = co_await store_.LoadKeys();
    if (!stored.ok()) co_return stored.status();
  }
  absl::StatusOr<std::shared_ptr<const Keys>> keys = Open(*stored);
  if (!keys.ok()) co_return keys.status();
  MutexLock lock(&mutex_);
  keys_ = *std::move(keys);
  read_at_ = clock_.Now();
  co_return absl::OkStatus();
}

Task<absl::StatusOr<KeyPeriod>> KeyRing::Rotate() {
  absl::StatusOr<std::vector<StoredKey>> stored = co_await store_.LoadKeys();
  if (!stored.ok()) co_return stored.status();
  // A key that the replicas cannot open would stop them all.
  absl::StatusOr<std::shared_ptr<const Keys>> opened = Open(*stored);
  if (!opened.ok()) co_return opened.status();
  const KeyPeriod period = PeriodOfRotation(PeriodsOf(*stored), clock_.Now());
  absl::Status made = co_await Make(period);
  if (!made.ok()) co_return made;
  co_return period;
}

bool KeyRing::HasKeys() const {
  MutexLock lock(&mutex_);
  return keys_ != nullptr;
}

Task<absl::StatusOr<std::shared_ptr<const KeyRing::Keys>>> KeyRing::Current(Origin origin) {
  if (TakeTurnToRead()) {
    absl::Status read = co_await Read();
    if (!read.ok()) log::Warning("signing_keys_not_read", {{"status", read.ToString()}}, origin);
  }
  MutexLock lock(&mutex_);
  if (keys_ == nullptr) co_return NoKeyYet();
  co_return keys_;
}

Task<absl::Status> KeyRing::Make(KeyPeriod period) {
  StoredKey key{
      .period = period,
      .sealed_seed = Seal(sealing_keys_.front(), random_.Bytes(kSeedBytes), random_.Bytes(kSealNonceBytes))};
  absl::Status added = co_await store_.AddKey(std::move(key));
  if (added.ok()) log::Info("signing_key_made", {{"number", period.number}});
  co_return added;
}

absl::StatusOr<std::shared_ptr<const KeyRing::Keys>> KeyRing::Open(
    const std::vector<StoredKey>& stored) const {
  auto keys = std::make_shared<Keys>();
  const std::vector<KeyPeriod> periods = PeriodsOf(stored);
  const UnixMillis now = clock_.Now();
  for (size_t i = 0; i < stored.size(); ++i) {
    // It may be older than a master key that was replaced.
    if (!IsPublished(periods, i, token_lifetime_, now)) continue;
    std::optional<std::string> seed = Unsealed(stored[i].sealed_seed);
    if (!seed.has_value()) {
      return absl::FailedPreconditionError(
          absl::StrCat("signing key ", periods[i].number, " was sealed under another master key"));
    }
    keys->push_back({.period = periods[i], .key = std::make_shared<const SigningKey>(*std::move(seed))});
  }
  return keys;
}

std::optional<std::string> KeyRing::Unsealed(const std::string& sealed_seed) const {
  for (const SecretKey& key : sealing_keys_) {
    if (std::optional<std::string> seed = Unseal(key, sealed_seed)) return seed;
  }
  return std::nullopt;
}

bool KeyRing::TakeTurnToRead() {
  const UnixMillis now = clock_.Now();
  MutexLock lock(&mutex_);
  if (keys_ == nullptr) return true;
  if (absl::Milliseconds(now.value - read_at_.value) < kReadEvery) return false;
  read_at_ = now;  // So that others go on with what is known meanwhile, and after a failure.
  return true;
}

}  // namespace tidemark::auth
