#include "bench/seed/accounts.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/users/device.h"

namespace tidemark::bench {
namespace {

constexpr std::size_t kLeadingDigits = 8;
constexpr int64_t kLeadingValues = int64_t{1} << 32;

absl::string_view View(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace

const char kAccountTable[] = "auth.accounts (user_id, email_key, email, password_hash, created_at)";

std::string UserIdAt(int64_t user, int64_t users, Random& random) {
  const auto leading = static_cast<uint64_t>(kLeadingValues / users * user);
  return NewUuid(random).replace(0, kLeadingDigits, absl::StrFormat("%08x", leading));
}

std::string AccountLine(std::string_view user, std::string_view password_hash, UnixMillis created_at) {
  const std::string email = EmailOf(user);
  return absl::StrCat(View(user), "\t", email, "\t", email, "\t", View(password_hash), "\t", created_at.value,
                      "\n");
}

}  // namespace tidemark::bench
