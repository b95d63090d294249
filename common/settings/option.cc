#include "common/settings/option.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace tidemark::settings {
namespace {

std::string Text(const std::string& value) { return value; }
std::string Text(int value) { return absl::StrCat(value); }
std::string Text(int64_t value) { return absl::StrCat(value); }
std::string Text(bool value) { return value ? "true" : "false"; }
std::string Text(absl::Duration value) { return absl::FormatDuration(value); }

bool Read(const std::string& text, std::string& value) {
  value = text;
  return true;
}
bool Read(const std::string& text, int& value) { return absl::SimpleAtoi(text, &value); }
bool Read(const std::string& text, int64_t& value) { return absl::SimpleAtoi(text, &value); }
bool Read(const std::string& text, bool& value) { return absl::SimpleAtob(text, &value); }
bool Read(const std::string& text, absl::Duration& value) {
  return absl::ParseDuration(text, &value) && value >= absl::ZeroDuration();
}

std::string Expected(const std::string*) { return "a text"; }
std::string Expected(const int*) { return "a whole number"; }
std::string Expected(const int64_t*) { return "a whole number"; }
std::string Expected(const bool*) { return "true or false"; }
std::string Expected(const absl::Duration*) { return "a duration such as 250ms, 5s or 1h"; }

std::optional<std::string> OutOfBounds(const Option& option, int64_t value) {
  if (option.low <= value && value <= option.high) return std::nullopt;
  return absl::StrCat(value, " is not within ", option.low, " ... ", option.high);
}
std::optional<std::string> OutOfBounds(const Option& option, const std::string& value) {
  const std::vector<std::string>& allowed = option.allowed;
  if (allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end())
    return std::nullopt;
  return absl::StrCat("\"", value, "\" is not one of ", absl::StrJoin(allowed, ", "));
}
std::optional<std::string> OutOfBounds(const Option& option, int value) {
  return OutOfBounds(option, int64_t{value});
}
std::optional<std::string> OutOfBounds(const Option&, bool) { return std::nullopt; }
std::optional<std::string> OutOfBounds(const Option&, absl::Duration) { return std::nullopt; }

template <typename T>
std::optional<std::string> AssignTo(const Option& option, const std::string& text, T* target) {
  T value{};
  if (!Read(text, value)) {
    return absl::StrCat("\"", option.secret ? "***" : text, "\" is not ", Expected(target));
  }
  if (std::optional<std::string> problem = OutOfBounds(option, value); problem.has_value()) return problem;
  *target = std::move(value);
  return std::nullopt;
}

}  // namespace

std::string Option::Flag() const { return absl::StrCat("--", name); }

std::string Option::Variable() const {
  return absl::StrCat("TIDEMARK_", absl::AsciiStrToUpper(absl::StrReplaceAll(name, {{"-", "_"}})));
}

std::string Option::Shown() const {
  std::string shown = std::visit([](const auto* value) { return Text(*value); }, target);
  return secret && !shown.empty() ? "***" : shown;
}

std::optional<std::string> Option::Assign(const std::string& text) {
  return std::visit([&](auto* to) { return AssignTo(*this, text, to); }, target);
}

std::optional<std::string> Option::Unmet() const {
  const auto* text = std::get_if<std::string*>(&target);
  if (text == nullptr) return std::nullopt;
  if ((*text)->empty()) return required ? std::optional<std::string>("is required") : std::nullopt;
  if (!check) return std::nullopt;
  const absl::Status checked = check(**text);
  return checked.ok() ? std::nullopt : std::optional<std::string>(checked.message());
}

}  // namespace tidemark::settings
