// One setting: where it goes, what it may be, how it is shown. Pure; settings.cc knows flags and environment.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace tidemark::settings {

struct Option {
  using Target = std::variant<std::string*, int*, int64_t*, bool*, absl::Duration*>;

  std::string name;
  Target target;
  std::string comment;
  int64_t low = std::numeric_limits<int64_t>::min();
  int64_t high = std::numeric_limits<int64_t>::max();
  // Empty: any.
  std::vector<std::string> allowed = {};
  // Judges a text that is not empty; null: any will do.
  std::function<absl::Status(const std::string&)> check = nullptr;
  bool secret = false;
  bool required = false;

  bool is_switch() const { return std::holds_alternative<bool*>(target); }
  // "--postgres-url"
  std::string Flag() const;
  // "TIDEMARK_POSTGRES_URL"
  std::string Variable() const;
  // What the target holds now, as it would be written; a secret is masked.
  std::string Shown() const;

  // Puts what `text` says into the target, or returns what is wrong with it. Never repeats a secret.
  std::optional<std::string> Assign(const std::string& text);
  // What is wrong once all is assigned: a required value is missing, or a text does not pass its check.
  std::optional<std::string> Unmet() const;
};

}  // namespace tidemark::settings
