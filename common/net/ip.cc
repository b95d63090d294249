#include "common/net/ip.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>

#include "absl/strings/numbers.h"

namespace tidemark {
namespace {

constexpr std::array<uint8_t, 12> kIpv4Prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int kIpv4PrefixBits = 96;

}  // namespace

bool IpAddress::IsIpv4() const { return std::equal(kIpv4Prefix.begin(), kIpv4Prefix.end(), bytes.begin()); }

IpAddress IpAddress::FirstBits(int bits) const {
  IpAddress first;
  for (int i = 0; i < kBits / 8; ++i) {
    const int kept = std::clamp(bits - 8 * i, 0, 8);
    first.bytes[i] = static_cast<uint8_t>(bytes[i] & (0xff00 >> kept));
  }
  return first;
}

std::string IpAddress::ToString() const {
  char text[INET6_ADDRSTRLEN] = {};
  const int skipped = IsIpv4() ? kIpv4PrefixBits / 8 : 0;
  inet_ntop(IsIpv4() ? AF_INET : AF_INET6, bytes.data() + skipped, text, sizeof(text));
  return text;
}

std::optional<IpAddress> ParseIpAddress(std::string_view text) {
  IpAddress address;
  const std::string host(text.substr(0, text.find('%')));
  if (host.find('\0') != std::string::npos) return std::nullopt;
  if (inet_pton(AF_INET6, host.c_str(), address.bytes.data()) == 1) return address;
  std::copy(kIpv4Prefix.begin(), kIpv4Prefix.end(), address.bytes.begin());
  if (inet_pton(AF_INET, host.c_str(), address.bytes.data() + kIpv4Prefix.size()) != 1) return std::nullopt;
  return address;
}

std::string NetworkOf(const std::string& address) {
  constexpr int kSubscriberBits = 64;
  const std::optional<IpAddress> parsed = ParseIpAddress(address);
  if (!parsed.has_value()) return address;
  if (parsed->IsIpv4()) return parsed->ToString();
  return parsed->FirstBits(kSubscriberBits).ToString() + "/" + std::to_string(kSubscriberBits);
}

std::optional<IpNetwork> ParseIpNetwork(std::string_view text) {
  const size_t slash = text.find('/');
  const std::optional<IpAddress> address = ParseIpAddress(text.substr(0, slash));
  if (!address) return std::nullopt;
  IpNetwork network{.address = *address};
  if (slash != std::string_view::npos) {
    const int prefix = address->IsIpv4() ? kIpv4PrefixBits : 0;
    int bits = 0;
    if (!absl::SimpleAtoi(std::string(text.substr(slash + 1)), &bits)) return std::nullopt;
    if (bits < 0 || bits > IpAddress::kBits - prefix) return std::nullopt;
    network.bits = prefix + bits;
  }
  if (!network.Contains(*address)) return std::nullopt;
  return network;
}

}  // namespace tidemark
