// The port behind which the person's session is kept on this device. Adapters: a file, memory; a program that
// has a keyring brings its own.
#pragma once

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/clock/clock.h"

namespace tidemark::client {

// Who is logged in. The tokens are secrets: whoever has them is that person.
struct SavedSession {
  std::string user_id = {};
  std::string email = {};
  std::string access_token = {};
  // By this device's clock.
  UnixMillis access_expires_at = {};
  // Spent at its first use.
  std::string refresh_token = {};
  bool operator==(const SavedSession&) const = default;
};

// Thread-safe. Several processes may share what is behind it; whoever changes it holds a lock over them all.
class CredentialStore {
 public:
  virtual ~CredentialStore() = default;
  // Nothing: nobody is logged in.
  virtual absl::StatusOr<std::optional<SavedSession>> Load() = 0;
  // Whole or not at all, also if the process dies.
  virtual absl::Status Save(const SavedSession& session) = 0;
  virtual absl::Status Clear() = 0;
};

}  // namespace tidemark::client
