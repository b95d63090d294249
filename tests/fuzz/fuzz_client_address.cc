// Addresses, networks and X-Forwarded-For. The input's lines are the proxies that are trusted, the peer, and
// the header.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "common/net/client_address.h"
#include "common/net/ip.h"
#include "tests/fuzz/require.h"

namespace tidemark::fuzz {
namespace {

void CheckAddress(const std::string& text) {
  const std::optional<IpAddress> address = ParseIpAddress(text);
  const std::string network = NetworkOf(text);
  Require(NetworkOf(network) == network, "whom limits count as one is named once");
  if (!address) return Require(network == text, "what is no address stays as it is");
  const std::optional<IpAddress> again = ParseIpAddress(address->ToString());
  Require(again == address, "an address written and read anew is equal");
  Require(NetworkOf(address->ToString()) == network, "one address is counted as one, however it is written");
}

void CheckNetwork(const std::string& text) {
  const std::optional<IpNetwork> network = ParseIpNetwork(text);
  if (!network) return;
  Require(network->bits >= 0 && network->bits <= IpAddress::kBits, "a prefix is no longer than an address");
  Require(network->Contains(network->address), "a network contains its address");
}

bool IsTrusted(const std::string& address, const std::vector<IpNetwork>& trusted) {
  const std::optional<IpAddress> parsed = ParseIpAddress(address);
  return parsed && std::any_of(trusted.begin(), trusted.end(),
                               [&](const IpNetwork& network) { return network.Contains(*parsed); });
}

void CheckClient(const std::string& peer, const std::string& forwarded,
                 const std::vector<IpNetwork>& trusted) {
  const std::string alone = ClientAddress(peer, std::nullopt, trusted);
  const std::string client = ClientAddress(peer, forwarded, trusted);
  if (!IsTrusted(peer, trusted)) {
    Require(client == alone, "who is not trusted speaks for itself alone");
  }
  Require(client == alone || ParseIpAddress(client).has_value(), "a client has an address");
  if (!IsTrusted(client, trusted)) {
    Require(ClientAddress(peer, "198.51.100.9, " + forwarded, trusted) == client,
            "what a client makes up about itself changes nothing");
  }
}

void CheckLines(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    CheckAddress(line);
    CheckNetwork(line);
  }
  if (lines.size() < 3) return;
  const absl::StatusOr<std::vector<IpNetwork>> trusted = ParseProxies(lines[0]);
  if (trusted.ok()) CheckClient(lines[1], lines[2], *trusted);
}

}  // namespace
}  // namespace tidemark::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tidemark::fuzz::CheckLines(absl::StrSplit(std::string(tidemark::fuzz::TextOf(data, size)), '\n'));
  return 0;
}
