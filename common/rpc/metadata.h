// gRPC ends the process when it is given a metadata value that HTTP/2 does not allow, and some of ours come
// from strangers. So every value passes through here.
#pragma once

#include <string>
#include <string_view>

namespace tidemark::rpc {

// `value` with every byte that is not visible ASCII or a space replaced by '?'.
std::string MetadataValue(std::string_view value);

// The host of a gRPC peer: "ipv4:10.0.0.1:5000" → "10.0.0.1", "ipv6:%5B::1%5D:5000" → "::1".
std::string PeerHost(std::string_view peer);

}  // namespace tidemark::rpc
