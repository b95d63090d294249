#include "services/auth/domain/network.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace tidemark::auth {
namespace {

constexpr size_t kGroups = 8;
constexpr size_t kGroupDigitsMax = 4;
constexpr char kMappedPrefix[] = "::ffff:";

// The groups between colons; nothing if one is none. An IPv4 address at the end stands for two, which no
// prefix reaches.
std::optional<std::vector<uint32_t>> ParseGroups(absl::string_view text) {
  std::vector<uint32_t> groups;
  if (text.empty()) return groups;
  for (const absl::string_view part : absl::StrSplit(text, ':')) {
    uint32_t group = 0;
    if (absl::StrContains(part, '.')) {
      groups.insert(groups.end(), {0, 0});
    } else if (part.size() <= kGroupDigitsMax && absl::SimpleHexAtoi(part, &group)) {
      groups.push_back(group);
    } else {
      return std::nullopt;
    }
  }
  return groups;
}

std::optional<std::vector<uint32_t>> ParseIpv6(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, "::");
  if (parts.size() > 2) return std::nullopt;
  std::optional<std::vector<uint32_t>> groups = ParseGroups(parts[0]);
  if (!groups.has_value()) return std::nullopt;
  if (parts.size() == 2) {
    const std::optional<std::vector<uint32_t>> tail = ParseGroups(parts[1]);
    if (!tail.has_value() || groups->size() + tail->size() >= kGroups) return std::nullopt;
    groups->resize(kGroups - tail->size(), 0);
    groups->insert(groups->end(), tail->begin(), tail->end());
  }
  if (groups->size() != kGroups) return std::nullopt;
  return groups;
}

}  // namespace

std::string NetworkOf(const std::string& address) {
  const absl::string_view without_zone = absl::string_view(address).substr(0, address.find('%'));
  if (absl::StartsWithIgnoreCase(without_zone, kMappedPrefix) && absl::StrContains(without_zone, '.')) {
    return std::string(without_zone.substr(sizeof(kMappedPrefix) - 1));
  }
  const std::optional<std::vector<uint32_t>> groups = ParseIpv6(without_zone);
  if (!groups.has_value()) return address;
  const auto hex = [&groups](size_t i) { return absl::StrCat(absl::Hex((*groups)[i])); };
  return absl::StrCat(hex(0), ":", hex(1), ":", hex(2), ":", hex(3), "::/64");
}

NetworkHash HashOf(const std::string& network, const SecretKey& key) { return {KeyedHash(key, network)}; }

}  // namespace tidemark::auth
