#include "common/http/target.h"

#include <optional>

#include "common/text/utf8.h"

namespace tidemark::http {
namespace {

constexpr const char* kBadTarget = "the request target is not a path";
constexpr const char* kBadEscape = "the request target is not percent-encoded UTF-8";

// -1: not a hex digit.
int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::optional<std::string> Decode(std::string_view raw, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(raw.size());
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '+' && plus_is_space) {
      decoded += ' ';
    } else if (raw[i] != '%') {
      decoded += raw[i];
    } else {
      if (raw.size() - i < 3) return std::nullopt;
      const int high = HexDigit(raw[i + 1]);
      const int low = HexDigit(raw[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  if (decoded.find('\0') != std::string::npos || !text::IsUtf8(decoded)) return std::nullopt;
  return decoded;
}

// Cuts `text` at `separator` and returns what was before it; all, if there is none.
std::string_view TakeUntil(char separator, std::string_view& text) {
  const size_t end = text.find(separator);
  const std::string_view taken = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return taken;
}

bool DecodeQuery(std::string_view raw, Target& target) {
  while (!raw.empty()) {
    std::string_view value = TakeUntil('&', raw);
    if (value.empty()) continue;
    const std::string_view name = TakeUntil('=', value);
    std::optional<std::string> decoded_name = Decode(name, true);
    std::optional<std::string> decoded_value = Decode(value, true);
    if (!decoded_name.has_value() || !decoded_value.has_value()) return false;
    target.query.emplace_back(*std::move(decoded_name), *std::move(decoded_value));
  }
  return true;
}

// Cuts "http://host" off "http://host/path" and returns the host. Proxies send it, and servers must take it
// (RFC 9112 3.2.2).
std::string_view TakeAuthority(std::string_view& raw) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!raw.starts_with(scheme)) continue;
    raw.remove_prefix(scheme.size());
    const std::string_view authority = raw.substr(0, raw.find_first_of("/?"));
    raw.remove_prefix(authority.size());
    if (raw.empty()) raw = "/";
    return authority;
  }
  return "";
}

}  // namespace

absl::StatusOr<Target> ParseTarget(std::string_view raw) {
  if (raw == "*") return Target{.path = "*", .authority = "", .query = {}};
  std::string_view rest = raw;
  const std::string_view authority = TakeAuthority(rest);
  if (!rest.starts_with('/')) return absl::InvalidArgumentError(kBadTarget);
  std::optional<std::string> path = Decode(TakeUntil('?', rest), false);
  Target target;
  if (!path.has_value() || !DecodeQuery(rest, target)) return absl::InvalidArgumentError(kBadEscape);
  target.path = *std::move(path);
  target.authority = authority;
  return target;
}

}  // namespace tidemark::http
