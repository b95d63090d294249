// How passwords are kept: argon2id with 19 MiB, two passes, one lane (SPEC 9). About 20 ms of one core each,
// so never called on an event loop: engine/password_hasher.h has the threads for it.
#pragma once

#include <string>

namespace tidemark::auth {

// In the PHC string format, with a salt of its own.
std::string HashPassword(const std::string& password);

bool PasswordMatches(const std::string& hash, const std::string& password);

// A hash that no password matches, as costly to try as any other: tried for unknown accounts, so that the
// time an answer takes does not tell whether an account exists.
const std::string& HashOfNobody();

}  // namespace tidemark::auth
