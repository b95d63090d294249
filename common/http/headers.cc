#include <algorithm>

#include "absl/strings/match.h"
#include "common/http/server.h"

namespace tidemark::http {
namespace {

// As many as most requests and answers have, so that they are not moved about.
constexpr size_t kUsualFields = 12;

bool SameName(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase(absl::string_view(a.data(), a.size()), absl::string_view(b.data(), b.size()));
}

}  // namespace

std::optional<std::string_view> Headers::Get(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (SameName(field, name)) return value;
  }
  return std::nullopt;
}

std::optional<std::string> Headers::GetJoined(std::string_view name) const {
  std::optional<std::string> joined;
  for (const auto& [field, value] : fields_) {
    if (!SameName(field, name)) continue;
    joined = joined.has_value() ? *joined + ", " + value : value;
  }
  return joined;
}

void Headers::Set(std::string_view name, std::string_view value) {
  std::erase_if(fields_, [name](const auto& field) { return SameName(field.first, name); });
  Append(name, value);
}

void Headers::Append(std::string_view name, std::string_view value) {
  if (fields_.empty()) fields_.reserve(kUsualFields);
  fields_.emplace_back(name, value);
}

std::optional<std::string> Request::Query(std::string_view name) const {
  const auto found =
      std::find_if(query.begin(), query.end(), [name](const auto& pair) { return pair.first == name; });
  if (found == query.end()) return std::nullopt;
  return found->second;
}

}  // namespace tidemark::http
