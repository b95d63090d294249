// Whose tasks a store holds: the first person who logs in with it. Kept after a logout, so that nobody else's
// tasks get mixed with theirs.
#pragma once

#include <string>

#include "client/store/local_store.h"

namespace tidemark::client {

struct UserNote {
  // Empty: nobody's yet.
  std::string user_id = {};
  std::string email = {};
};

inline constexpr char kUserNote[] = "user";

inline UserNote ReadUserNote(Transaction& tx) {
  const std::string text = tx.GetNote(kUserNote);
  const std::size_t end = text.find('\n');
  if (end == std::string::npos) return {};
  return {.user_id = text.substr(0, end), .email = text.substr(end + 1)};
}

inline void PutUserNote(Transaction& tx, const UserNote& user) {
  tx.PutNote(kUserNote, user.user_id + "\n" + user.email);
}

}  // namespace tidemark::client
