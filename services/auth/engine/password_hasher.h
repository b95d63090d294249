// Hashing passwords without holding up anyone else: argon2id is meant to be slow, so it has threads of its
// own and a bounded queue.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/async/task.h"
#include "common/metrics/metrics.h"

namespace tidemark::auth {

// Thread-safe. UNAVAILABLE `unavailable`, with retry_after: too many are waiting.
class PasswordHasher {
 public:
  virtual ~PasswordHasher() = default;
  virtual Task<absl::StatusOr<std::string>> Hash(std::string password) = 0;
  virtual Task<absl::StatusOr<bool>> Matches(std::string hash, std::string password) = 0;
};

struct Argon2idHasherOptions {
  // Each hash takes 19 MiB while it is made.
  int threads = 2;
  // About 20 ms each: who comes last waits less than a second.
  int waiting_max = 64;
};

// domain/password_hash.h, on threads.
class Argon2idHasher : public PasswordHasher {
 public:
  explicit Argon2idHasher(Argon2idHasherOptions options = {});
  // Finishes what is waiting. Call while the event loops still run.
  ~Argon2idHasher() override;

  Task<absl::StatusOr<std::string>> Hash(std::string password) override;
  Task<absl::StatusOr<bool>> Matches(std::string hash, std::string password) override;
  // Adds tidemark_password_hashes_waiting; this outlives `readings`.
  void Show(metrics::Readings& readings) const;

 private:
  class Workers;
  std::unique_ptr<Workers> workers_;
};

}  // namespace tidemark::auth
