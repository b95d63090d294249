#include "common/net/client_address.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace tidemark {
namespace {

bool IsTrusted(const IpAddress& address, const std::vector<IpNetwork>& trusted) {
  return std::any_of(trusted.begin(), trusted.end(),
                     [&address](const IpNetwork& network) { return network.Contains(address); });
}

// The elements of a list that is parted by commas, without the blanks around them.
std::vector<std::string> ElementsOf(const std::string& list) {
  std::vector<std::string> elements = absl::StrSplit(list, ',');
  for (std::string& element : elements) absl::StripAsciiWhitespace(&element);
  return elements;
}

}  // namespace

std::string ClientAddress(const std::string& peer, const std::optional<std::string>& forwarded_for,
                          const std::vector<IpNetwork>& trusted) {
  std::optional<IpAddress> client = ParseIpAddress(peer);
  if (!client) return peer;
  if (!forwarded_for || trusted.empty()) return client->ToString();
  std::vector<std::string> told = ElementsOf(*forwarded_for);
  for (; !told.empty() && IsTrusted(*client, trusted); told.pop_back()) {
    const std::optional<IpAddress> asker = ParseIpAddress(told.back());
    if (!asker) break;
    client = asker;
  }
  return client->ToString();
}

absl::StatusOr<std::vector<IpNetwork>> ParseProxies(std::string_view text) {
  std::vector<IpNetwork> networks;
  if (text.empty()) return networks;
  for (const std::string& element : ElementsOf(std::string(text))) {
    const std::optional<IpNetwork> network = ParseIpNetwork(element);
    if (!network)
      return absl::InvalidArgumentError(absl::StrCat("\"", element, "\" is no address or network"));
    networks.push_back(*network);
  }
  return networks;
}

}  // namespace tidemark
