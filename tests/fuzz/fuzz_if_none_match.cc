// If-None-Match of a check.
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "services/sync/domain/etag.h"
#include "tests/fuzz/require.h"

namespace tidemark::fuzz {
namespace {

using sync::Wildcard;

constexpr sync::Head kHead{{1'735'689'800'000}, 12, 40, {}};
constexpr std::string_view kTag = "12-1735689800000-40";

// As the SPEC lists what is accepted.
bool Names(const std::string& field, bool with_wildcard) {
  const std::string tag(kTag), quoted = "\"" + tag + "\"";
  const std::vector<std::string> elements = absl::StrSplit(field, ',');
  for (std::string element : elements) {
    while (!element.empty() && (element.back() == ' ' || element.back() == '\t')) element.pop_back();
    while (!element.empty() && (element.front() == ' ' || element.front() == '\t')) element.erase(0, 1);
    if (element == tag || element == quoted || element == "W/" + tag || element == "W/" + quoted) return true;
    if (with_wildcard && element == "*") return true;
  }
  return false;
}

void CheckField(const std::string& field) {
  Require(sync::Matches(field, kHead, Wildcard::kNever) == Names(field, false),
          "a tag matches where it stands");
  Require(sync::Matches(field, kHead, Wildcard::kMatches) == Names(field, true), "and * where it counts");
  const std::string etag = sync::FormatEtag(kHead);
  Require(sync::Matches(field + "," + etag, kHead, Wildcard::kNever), "nothing before a tag hides it");
  Require(sync::Matches("W/" + etag + "," + field, kHead, Wildcard::kNever), "nothing after a tag hides it");
}

}  // namespace
}  // namespace tidemark::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tidemark::fuzz::CheckField(std::string(tidemark::fuzz::TextOf(data, size)));
  return 0;
}
