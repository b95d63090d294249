#include "common/rpc/metadata.h"

#include <algorithm>

#include "absl/strings/str_replace.h"

namespace tidemark::rpc {

std::string MetadataValue(std::string_view value) {
  std::string allowed(value);
  std::replace_if(
      allowed.begin(), allowed.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
  return allowed;
}

std::string PeerHost(std::string_view peer) {
  const size_t scheme_end = peer.find(':');
  if (scheme_end == std::string_view::npos) return std::string(peer);
  std::string address(peer.substr(scheme_end + 1));
  address = absl::StrReplaceAll(address, {{"%5B", "["}, {"%5D", "]"}});
  if (const size_t port = address.rfind(':'); port != std::string::npos) address.resize(port);
  if (address.size() >= 2 && address.front() == '[' && address.back() == ']') {
    return address.substr(1, address.size() - 2);
  }
  return address;
}

}  // namespace tidemark::rpc
