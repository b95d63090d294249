// The signing keys of all replicas, as this one knows them: read from the store at first use and each
// kReadEvery after that, by whoever comes then; whoever finds that the next key is due makes it.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/async/task.h"
#include "common/clock/clock.h"
#include "common/mutex/mutex.h"
#include "common/origin/origin.h"
#include "common/random/random.h"
#include "services/auth/domain/crypto.h"
#include "services/auth/domain/signing_key.h"
#include "services/auth/storage/key_store.h"

namespace tidemark::auth {

// Thread-safe.
class KeyRing {
 public:
  // `store`, `clock` and `random` outlive the ring. `sealing_keys` open the stored seeds, one at least; the
  // first seals new ones.
  KeyRing(KeyStore& store, const Clock& clock, Random& random, SecretKeys sealing_keys,
          absl::Duration token_lifetime);

  // `origin` is for log lines.
  // The key to sign with now. UNAVAILABLE: the keys could not be read.
  Task<absl::StatusOr<std::shared_ptr<const SigningKey>>> Signer(Origin origin);

  // The keys that valid tokens are signed with, now or soon. UNAVAILABLE as above.
  Task<absl::StatusOr<std::vector<PublicKey>>> Published(Origin origin);

  // Reads the keys now. FAILED_PRECONDITION: one that is still needed was sealed under another master key.
  Task<absl::Status> Read();

  // Whether they were ever read.
  bool HasKeys() const;

  // Makes a key that takes over as soon as all verifiers can know it. ALREADY_EXISTS: somebody else just has.
  // FAILED_PRECONDITION as above.
  Task<absl::StatusOr<KeyPeriod>> Rotate();

 private:
  struct Key {
    KeyPeriod period;
    std::shared_ptr<const SigningKey> key;
  };
  using Keys = std::vector<Key>;

  // What is known, read anew if that is kReadEvery old. An older reading is better than none.
  Task<absl::StatusOr<std::shared_ptr<const Keys>>> Current(Origin origin);
  // Makes the key of `period`. ALREADY_EXISTS: another replica was faster.
  Task<absl::Status> Make(KeyPeriod period);
  // Those that are still needed.
  absl::StatusOr<std::shared_ptr<const Keys>> Open(const std::vector<StoredKey>& stored) const;
  // Nothing: it was sealed under none of ours.
  std::optional<std::string> Unsealed(const std::string& sealed_seed) const;
  // Whether the caller is the one to read the keys anew.
  bool TakeTurnToRead();

  KeyStore& store_;
  const Clock& clock_;
  Random& random_;
  const SecretKeys sealing_keys_;
  const absl::Duration token_lifetime_;

  mutable Mutex mutex_;
  std::shared_ptr<const Keys> keys_ ABSL_GUARDED_BY(mutex_);
  UnixMillis read_at_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::auth
