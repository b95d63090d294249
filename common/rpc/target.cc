#include "common/rpc/target.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace tidemark::rpc {
namespace {

constexpr std::array<std::string_view, 3> kSchemes = {"ipv4:", "ipv6:", "dns:"};

absl::StatusOr<HostAndPort> Part(const std::string& address) {
  const size_t colon = address.rfind(':');
  int port = 0;
  if (colon == std::string::npos || colon == 0 || !absl::SimpleAtoi(address.substr(colon + 1), &port) ||
      port < 1 || port > std::numeric_limits<uint16_t>::max()) {
    return absl::InvalidArgumentError(absl::StrCat("\"", address, "\" is not host:port"));
  }
  return HostAndPort{address.substr(0, colon), address.substr(colon + 1)};
}

bool IsAddress(int family, const std::string& host) {
  std::array<char, sizeof(in6_addr)> parsed;
  return inet_pton(family, host.c_str(), parsed.data()) == 1;
}

bool IsIpv4(const HostAndPort& part) { return IsAddress(AF_INET, part.host); }

bool IsIpv6(const HostAndPort& part) {
  return part.host.starts_with('[') && part.host.ends_with(']') &&
         IsAddress(AF_INET6, part.host.substr(1, part.host.size() - 2));
}

std::string WithoutBrackets(const HostAndPort& part) { return part.host.substr(1, part.host.size() - 2); }

// A target is a URI, and there brackets stand for a host alone.
std::string Escaped(const std::string& ipv6, const std::string& port) {
  return absl::StrCat("%5B", ipv6, "%5D:", port);
}

bool HasScheme(const std::string& addresses) {
  return std::any_of(kSchemes.begin(), kSchemes.end(),
                     [&](std::string_view scheme) { return addresses.starts_with(scheme); });
}

std::string Unescaped(const std::string& path) {
  return absl::StrReplaceAll(path, {{"%5B", "["}, {"%5b", "["}, {"%5D", "]"}, {"%5d", "]"}});
}

// Empty: it names a DNS server of its own, or is none of what TargetOf takes.
std::vector<HostAndPort> PartsOf(const std::string& addresses) {
  std::string path = addresses;
  if (HasScheme(addresses)) {
    path.erase(0, path.find(':') + 1);
    if (path.starts_with("//") && !path.starts_with("///")) return {};
    path.erase(0, path.find_first_not_of('/'));
    path = Unescaped(path);
  }
  std::vector<HostAndPort> parts;
  for (const std::string& address : std::vector<std::string>(absl::StrSplit(path, ','))) {
    absl::StatusOr<HostAndPort> part = Part(address);
    if (!part.ok()) return {};
    parts.push_back(*std::move(part));
  }
  return parts;
}

}  // namespace

absl::StatusOr<std::string> TargetOf(const std::string& addresses) {
  if (HasScheme(addresses)) return addresses;
  std::vector<HostAndPort> parts;
  for (const std::string& address : std::vector<std::string>(absl::StrSplit(addresses, ','))) {
    absl::StatusOr<HostAndPort> part = Part(address);
    if (!part.ok()) return part.status();
    parts.push_back(*std::move(part));
  }
  if (parts.size() == 1) return addresses;
  if (std::all_of(parts.begin(), parts.end(), IsIpv4)) return absl::StrCat("ipv4:", addresses);
  if (!std::all_of(parts.begin(), parts.end(), IsIpv6)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", addresses, "\": several addresses must be all IPv4 or all IPv6; a name stands alone"));
  }
  return absl::StrCat("ipv6:", absl::StrJoin(parts, ",", [](std::string* out, const HostAndPort& part) {
                        out->append(Escaped(WithoutBrackets(part), part.port));
                      }));
}

std::optional<HostAndPort> NameIn(const std::string& addresses) {
  const std::vector<HostAndPort> parts = PartsOf(addresses);
  if (parts.size() != 1 || IsIpv4(parts[0]) || IsIpv6(parts[0])) return std::nullopt;
  return parts[0];
}

std::vector<std::string> AddressesIn(const std::string& addresses) {
  std::vector<std::string> targets;
  for (const HostAndPort& part : PartsOf(addresses)) {
    if (IsIpv4(part)) targets.push_back(TargetOfAddress(/*is_ipv6=*/false, part.host, part.port));
    if (IsIpv6(part)) targets.push_back(TargetOfAddress(/*is_ipv6=*/true, WithoutBrackets(part), part.port));
  }
  return targets;
}

std::string TargetOfAddress(bool is_ipv6, const std::string& host, const std::string& port) {
  return is_ipv6 ? absl::StrCat("ipv6:", Escaped(host, port)) : absl::StrCat("ipv4:", host, ":", port);
}

std::string ServerNameOf(const std::string& addresses) {
  std::string first = addresses.substr(0, addresses.find(','));
  for (const std::string_view scheme : kSchemes) {
    if (!first.starts_with(scheme)) continue;
    first.erase(0, scheme.size());
    // What precedes a slash says who is asked for the name.
    first.erase(0, first.rfind('/') + 1);
  }
  first = Unescaped(first);
  return first.substr(0, first.rfind(':'));
}

}  // namespace tidemark::rpc
