#include "services/sync/domain/etag.h"

#include "absl/strings/str_cat.h"

namespace tidemark::sync {
namespace {

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t";
  const size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// W/"x", "x" and x all name x.
std::string_view Opaque(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
  return tag;
}

}  // namespace

std::string FormatEtag(const Head& head) {
  return absl::StrCat("\"", head.live_count, "-", head.high_water.value, "-", head.version_sum, "\"");
}

bool Matches(std::string_view if_none_match, const Head& head, Wildcard wildcard) {
  const std::string current = FormatEtag(head);
  // Our own tags hold no comma, so a list can be split at commas without minding quotes.
  while (!if_none_match.empty()) {
    const size_t comma = if_none_match.find(',');
    const std::string_view tag = Trim(if_none_match.substr(0, comma));
    if (tag == "*" && wildcard == Wildcard::kMatches) return true;
    if (Opaque(tag) == Opaque(current)) return true;
    if (comma == std::string_view::npos) break;
    if_none_match.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace tidemark::sync
