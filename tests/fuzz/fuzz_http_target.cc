// The target of a request line.
#include <string>

#include "common/http/target.h"
#include "common/text/utf8.h"
#include "tests/fuzz/require.h"

namespace tidemark::fuzz {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

bool IsClean(const std::string& text) { return text::IsUtf8(text) && text.find('\0') == std::string::npos; }

std::string Escaped(const std::string& text, std::string_view kept) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kept.find(c) != std::string_view::npos) {
      escaped += c;
    } else {
      escaped += {'%', kDigits[byte >> 4], kDigits[byte & 0xF]};
    }
  }
  return escaped;
}

std::string Spelt(const http::Target& target) {
  if (target.path == "*") return "*";
  std::string raw = target.authority.empty() ? "" : "http://" + target.authority;
  raw += Escaped(target.path, "/");
  char separator = '?';
  for (const auto& [name, value] : target.query) {
    raw += separator + Escaped(name, "") + "=" + Escaped(value, "");
    separator = '&';
  }
  return raw;
}

void CheckTarget(std::string_view raw) {
  const absl::StatusOr<http::Target> target = http::ParseTarget(raw);
  if (!target.ok()) {
    return Require(target.status().code() == absl::StatusCode::kInvalidArgument,
                   "a bad target is the client's");
  }
  Require(IsClean(target->path), "a path is UTF-8 without NUL");
  Require(target->path.starts_with('/') || target->path == "*", "a path begins with a slash");
  for (const auto& [name, value] : target->query) {
    Require(IsClean(name) && IsClean(value), "a query is UTF-8 without NUL");
  }
  const absl::StatusOr<http::Target> again = http::ParseTarget(Spelt(*target));
  Require(again.ok() && again->path == target->path && again->query == target->query &&
              again->authority == target->authority,
          "what was read, escaped and read anew is equal");
}

}  // namespace
}  // namespace tidemark::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tidemark::fuzz::CheckTarget(tidemark::fuzz::TextOf(data, size));
  return 0;
}
