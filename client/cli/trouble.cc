#include "client/cli/trouble.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "client/cli/describe.h"
#include "client/cli/text/short_ids.h"

namespace tidemark::cli {
namespace {

using client::Conflict;
using client::Rejection;

// Reversed, as the last digits tell them apart.
std::string Reversed(int64_t number) {
  std::string digits = std::to_string(number);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string KeyOf(const Conflict& conflict) {
  constexpr char kLetters[] = {'c', 'd', 'p', 'r'};
  return kLetters[static_cast<int>(conflict.field)] + Reversed(conflict.at.value);
}

std::string KeyOf(const Rejection& rejection) {
  // A device has a number once, a store may have been several devices.
  return absl::StrCat("x", Reversed(rejection.change.number.value), "-", rejection.change.device.value());
}

}  // namespace

absl::StatusOr<std::vector<Trouble>> AllTrouble(Context& context) {
  const absl::StatusOr<std::vector<Conflict>> conflicts = context.manager.Conflicts();
  if (!conflicts.ok()) return conflicts.status();
  const absl::StatusOr<std::vector<Rejection>> rejections = context.manager.Rejected();
  if (!rejections.ok()) return rejections.status();
  std::vector<Trouble> all;
  for (const Conflict& conflict : *conflicts) all.push_back({KeyOf(conflict), conflict});
  for (const Rejection& rejection : *rejections) all.push_back({KeyOf(rejection), rejection});
  return all;
}

absl::StatusOr<Trouble> PickTrouble(const std::vector<Trouble>& all, const std::string& prefix) {
  std::vector<Trouble> found;
  for (const Trouble& trouble : all) {
    if (trouble.key == prefix) return trouble;
    if (!prefix.empty() && trouble.key.substr(0, prefix.size()) == prefix) found.push_back(trouble);
  }
  if (found.size() == 1) return found.front();
  return absl::NotFoundError(absl::StrCat(found.empty() ? "nothing" : "more than one",
                                          " in tidemark conflicts begins with ", prefix,
                                          "\nSee tidemark conflicts."));
}

std::vector<std::string> ShortKeysOf(const std::vector<Trouble>& all) {
  std::vector<std::string> keys;
  for (const Trouble& trouble : all) keys.push_back(trouble.key);
  return ShortIds(keys);
}

TaskId TaskOf(const Trouble& trouble) {
  if (const auto* conflict = std::get_if<Conflict>(&trouble.what)) return conflict->id;
  return std::get<Rejection>(trouble.what).change.id;
}

std::string Summary(const Trouble& trouble) {
  if (const auto* conflict = std::get_if<Conflict>(&trouble.what))
    return InWords(conflict->field, conflict->discarded.value);
  return std::get<Rejection>(trouble.what).change.fields.content.value_or("a refused edit");
}

}  // namespace tidemark::cli
