#include "services/auth/domain/email.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "common/status/error.h"

namespace tidemark::auth {
namespace {

absl::Status Invalid(std::string_view detail) {
  return Error(Code::kInvalidEmail, detail, {.pointer = "/email"});
}

bool IsSpaceOrControl(char c) { return absl::ascii_isspace(c) || absl::ascii_iscntrl(c); }

// "example.org" and "localhost" are; "", ".org" and "example..org" are not.
bool IsDomain(const std::string& text) {
  std::vector<std::string> labels = absl::StrSplit(text, '.');
  return std::none_of(labels.begin(), labels.end(), [](const std::string& label) { return label.empty(); });
}

}  // namespace

absl::StatusOr<Email> ParseEmail(const std::string& address) {
  if (address.size() < kEmailBytesMin || address.size() > kEmailBytesMax) {
    return Invalid("An e-mail address has 3 to 254 bytes.");
  }
  if (std::any_of(address.begin(), address.end(), IsSpaceOrControl)) {
    return Invalid("An e-mail address has no spaces or control characters.");
  }
  std::vector<std::string> parts = absl::StrSplit(address, '@');
  if (parts.size() != 2 || parts[0].empty() || !IsDomain(parts[1])) {
    return Invalid("An e-mail address has the form name@domain.");
  }
  return Email{.address = address, .key = absl::AsciiStrToLower(address)};
}

}  // namespace tidemark::auth
