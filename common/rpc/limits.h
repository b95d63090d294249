// Bounds of a call, the same at both ends.
#pragma once

namespace tidemark::rpc {

inline constexpr int kMessageBytesMax = 8 * 1024 * 1024;
// Carried messages travel together up to about this, so that a small one seldom waits for large ones.
inline constexpr int kCarriedTogetherBytesMax = 256 * 1024;
// One carried call or answer, with all that travels with it. It must fit into a message beside others.
inline constexpr int kCarriedBytesMax = kMessageBytesMax - 2 * kCarriedTogetherBytesMax;
// Calls of one stream that wait until the other process reads on.
inline constexpr int kCarriedWaitingBytesMax = 4 * kMessageBytesMax;
// Above what HTTP allows for all headers together (http::ServerOptions), so that a header which the gateway
// passes on is never what breaks a call.
inline constexpr int kMetadataBytesMax = 64 * 1024;

// A peer that hangs, or vanished without a word (a host that lost power), is noticed after their sum: its
// calls end, and further ones fail at once until it can be reached again.
inline constexpr int kKeepaliveMillis = 1'000;
inline constexpr int kKeepaliveTimeoutMillis = 2'000;
// What a server asks of idle clients, many of which live on batteries and far away.
inline constexpr int kServerKeepaliveMillis = 60'000;
inline constexpr int kServerKeepaliveTimeoutMillis = 5'000;

}  // namespace tidemark::rpc
