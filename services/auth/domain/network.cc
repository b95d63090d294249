#include "services/auth/domain/network.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "common/net/ip.h"

namespace tidemark::auth {
namespace {

constexpr int kNetworkBits = 64;

}  // namespace

std::string NetworkOf(const std::string& address) {
  const std::optional<IpAddress> parsed = ParseIpAddress(address);
  if (!parsed.has_value()) return address;
  if (parsed->IsIpv4()) return parsed->ToString();
  return absl::StrCat(parsed->FirstBits(kNetworkBits).ToString(), "/", kNetworkBits);
}

NetworkHash HashOf(const std::string& network, const SecretKey& key) { return {KeyedHash(key, network)}; }

}  // namespace tidemark::auth
