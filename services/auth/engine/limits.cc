#include "services/auth/engine/limits.h"

#include "absl/strings/str_cat.h"
#include "services/auth/domain/base64url.h"
#include "services/auth/domain/crypto.h"
#include "services/auth/domain/email.h"

namespace tidemark::auth {
namespace {

constexpr char kLogin[] = "login";
constexpr char kOther[] = "other";

std::string OfNetwork(const std::string& network) { return absl::StrCat("address:", network); }

// By hash: addresses of people stay out of other services' keys and logs, and within a subject's length.
std::string OfAccount(const std::string& email) {
  absl::StatusOr<Email> parsed = ParseEmail(email);
  return absl::StrCat("account:", Base64UrlEncode(Hash(parsed.ok() ? parsed->key : email)));
}

}  // namespace

ratelimit::Ask RegisterFrom(const std::string& network) {
  return {.subject = OfNetwork(network), .policy = "register"};
}

ratelimit::Ask LoginFrom(const std::string& network) {
  return {.subject = OfNetwork(network), .policy = kLogin};
}

ratelimit::Ask LoginFromElsewhere(const std::string& email) {
  return {.subject = OfAccount(email), .policy = kLogin};
}

ratelimit::Ask LoginFromKnownNetwork(const std::string& email, const std::string& network) {
  return {.subject = absl::StrCat(OfAccount(email), "@", network), .policy = kLogin};
}

ratelimit::Ask OtherFrom(const std::string& network) {
  return {.subject = OfNetwork(network), .policy = kOther};
}

ratelimit::Ask PasswordOf(const UserId& user) {
  return {.subject = absl::StrCat("account:", user.value()), .policy = kLogin};
}

ratelimit::Ask OtherOf(const SessionId& session) {
  return {.subject = absl::StrCat("session:", session.value()), .policy = kOther};
}

// The subject that the sync service names, too: one bucket for all of them.
ratelimit::Ask OtherOf(const UserId& user) { return {.subject = user.value(), .policy = kOther}; }

}  // namespace tidemark::auth
