#include "services/auth/domain/password.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "services/auth/domain/common_passwords.h"

namespace tidemark::auth {
namespace {

constexpr size_t kUtf8BytesPerCharacterMax = 4;

// Every byte of UTF-8 begins a character, except those of the form 10xxxxxx.
int64_t CharacterCount(const std::string& utf8) {
  return std::count_if(utf8.begin(), utf8.end(), [](char byte) { return (byte & 0xc0) != 0x80; });
}

}  // namespace

absl::Status CheckNewPassword(const std::string& password, int length_min, const std::string& pointer) {
  const ErrorDetails where{.pointer = pointer};
  if (CharacterCount(password) < length_min) {
    return Error(Code::kWeakPassword, absl::StrCat("A password has at least ", length_min, " characters."),
                 where);
  }
  if (!CouldBePassword(password)) {
    return Error(Code::kValidation,
                 absl::StrCat("A password has at most ", kPasswordLengthMax, " characters."), where);
  }
  if (IsCommonPassword(absl::AsciiStrToLower(password))) {
    return Error(Code::kWeakPassword, "This password is among those that are guessed first.", where);
  }
  return absl::OkStatus();
}

bool CouldBePassword(const std::string& password) {
  return password.size() <= kPasswordLengthMax * kUtf8BytesPerCharacterMax &&
         CharacterCount(password) <= kPasswordLengthMax;
}

}  // namespace tidemark::auth
