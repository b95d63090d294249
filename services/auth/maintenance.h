// What tidemark-auth does instead of serving: each does its work, says what came of it, and returns the exit
// code.
#pragma once

#include <string>

#include "absl/time/time.h"
#include "services/auth/domain/crypto.h"

namespace tidemark::auth {

int MigrateSchema(const std::string& owner_url);

// Reads the new password from the first line of standard input; an empty one, or none: makes one and prints
// it. Ends all sessions of the account.
int ResetPassword(const std::string& postgres_url, const std::string& email, int password_length_min);

// Makes a signing key that takes over in a minute.
int RotateKeys(const std::string& postgres_url, const SecretKeys& masters, absl::Duration token_lifetime);

}  // namespace tidemark::auth
