// Which e-mail addresses may have an account, and when two are the same.
//
//   absl::StatusOr<Email> email = ParseEmail("Ada@Example.org");
//   email->key;   // "ada@example.org"
#pragma once

#include <string>

#include "absl/status/statusor.h"

namespace tidemark::auth {

inline constexpr size_t kEmailBytesMin = 3;
inline constexpr size_t kEmailBytesMax = 254;

struct Email {
  // As the person wrote it.
  std::string address;
  // With ASCII letters in lower case: one account per key.
  std::string key;
};

// Only what no mail system could deliver is refused; whether mail arrives is not for syntax to say. Nothing
// is trimmed. INVALID_ARGUMENT `invalid_email`.
absl::StatusOr<Email> ParseEmail(const std::string& address);

}  // namespace tidemark::auth
