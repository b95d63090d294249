#include "client/transport/grpc/unreached.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace tidemark::client {
namespace {

bool SaysAny(const std::string& message, std::initializer_list<const char*> parts) {
  const std::string said = absl::AsciiStrToLower(message);
  return std::any_of(parts.begin(), parts.end(),
                     [&](const char* part) { return absl::StrContains(said, absl::AsciiStrToLower(part)); });
}

// Empty: gRPC says something else.
std::string Reason(const grpc::Status& status, const std::string& address) {
  const std::string message = status.error_message();
  if (SaysAny(message, {"DNS resolution failed", "Domain name not found", "Name or service not known"}))
    return absl::StrCat("the name in ", address, " is not known (DNS), or there is no network");
  if (SaysAny(message, {"verify failed", "Hostname Verification"}))
    return absl::StrCat("nobody who is trusted vouches for the certificate of ", address, " (TLS)");
  if (SaysAny(message, {"handshake", "SSL_ERROR", "WRONG_VERSION_NUMBER"}))
    return absl::StrCat(address, " does not speak TLS, or broke it off");
  if (SaysAny(message, {"Connection refused"})) return absl::StrCat("nobody listens at ", address);
  if (SaysAny(message, {"Network is unreachable", "No route to host"}))
    return absl::StrCat("there is no way through the network to ", address);
  if (SaysAny(message, {"Socket closed", "Connection reset", "Endpoint closing"}))
    return absl::StrCat(address, " broke the connection off");
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED)
    return absl::StrCat("no answer from ", address, " in time");
  return "";
}

}  // namespace

absl::Status Unreached(const grpc::Status& status, const Peer& peer) {
  const std::string message = status.error_message();
  if (SaysAny(message, {"http1.x", "http2 header with status"})) {
    return absl::UnimplementedError(
        absl::StrCat(peer.address, " is a web server's address, not that of Tidemark's ", peer.service));
  }
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    return absl::UnimplementedError(
        absl::StrCat(peer.address, " answers, but is not Tidemark's ", peer.service));
  }
  const std::string reason = Reason(status, peer.address);
  return absl::UnavailableError(reason.empty() ? message : reason);
}

}  // namespace tidemark::client
