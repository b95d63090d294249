#include "client/transport/grpc/channel.h"

#include <grpcpp/grpcpp.h>

#include <fstream>
#include <sstream>
#include <string_view>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/rpc/limits.h"

namespace tidemark::client {
namespace {

constexpr std::string_view kTls = "https://";
constexpr std::string_view kClear = "http://";
constexpr const char* kMachinesAuthorities = "/etc/ssl/certs/ca-certificates.crt";

// Only while a call is under way. Longer than servers bear it (kKeepaliveMillis / 2), and what a network on
// the way forgets is noticed while somebody looks.
constexpr int kPingMillis = 20'000;
constexpr int kPingTimeoutMillis = 10'000;
constexpr int kConnectMillis = 10'000;

struct Address {
  std::string target;
  bool tls = false;
};

absl::Status NoAddress(std::string_view text, const char* why) {
  return absl::InvalidArgumentError(absl::StrCat("\"", std::string(text), "\" is no address: ", why,
                                                 "; one is host:port or https://host:port"));
}

bool IsPort(std::string_view text) {
  int port = 0;
  return absl::SimpleAtoi(absl::string_view(text.data(), text.size()), &port) && port >= 1 && port <= 65'535;
}

// Of "host:port"; an IPv6 address stands in brackets. Empty: none is given.
absl::StatusOr<std::string> PortOf(std::string_view target) {
  const std::size_t bracket = target.rfind(']');
  const std::string_view after = bracket == std::string_view::npos ? target : target.substr(bracket + 1);
  const std::size_t colon = after.find(':');
  if (colon == std::string_view::npos) return std::string();
  if (bracket == std::string_view::npos && after.find(':', colon + 1) != std::string_view::npos)
    return NoAddress(target, "an IPv6 address stands in brackets");
  if (!IsPort(after.substr(colon + 1))) return NoAddress(target, "a port is a number from 1 to 65535");
  return std::string(after.substr(colon + 1));
}

absl::StatusOr<Address> Parse(std::string_view text) {
  const std::string_view whole = text;
  Address address;
  address.tls = text.substr(0, kTls.size()) == kTls;
  if (address.tls) text.remove_prefix(kTls.size());
  if (text.substr(0, kClear.size()) == kClear) text.remove_prefix(kClear.size());
  if (!text.empty() && text.back() == '/') text.remove_suffix(1);
  // gRPC would take "scheme:…" for a way of finding names.
  if (text.empty() || text.find_first_of("/, \t") != std::string_view::npos)
    return NoAddress(whole, text.empty() ? "it is empty" : "there is a slash, a comma or a space in it");
  absl::StatusOr<std::string> port = PortOf(text);
  if (!port.ok()) return port.status();
  if (text.front() == ':') return NoAddress(whole, "it names no host");
  if (port->empty() && !address.tls) return NoAddress(whole, "it has no port");
  address.target = absl::StrCat(std::string(text), port->empty() ? ":443" : "");
  return address;
}

absl::StatusOr<std::string> ReadAll(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) return absl::NotFoundError(absl::StrCat("cannot read ", path));
  if (text.str().find("-----BEGIN CERTIFICATE-----") == std::string::npos)
    return absl::InvalidArgumentError(absl::StrCat(path, " holds no certificate (PEM)"));
  return text.str();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(const Address& address,
                                                                         const std::string& ca_file) {
  if (!address.tls && ca_file.empty()) return grpc::InsecureChannelCredentials();
  absl::StatusOr<std::string> authorities = ReadAll(ca_file.empty() ? kMachinesAuthorities : ca_file);
  if (!authorities.ok()) return authorities.status();
  if (!address.tls) return grpc::InsecureChannelCredentials();
  return grpc::SslCredentials({.pem_root_certs = *authorities, .pem_private_key = "", .pem_cert_chain = ""});
}

bool IsThisMachine(const std::string& target) {
  return target.rfind("127.", 0) == 0 || target.rfind("localhost:", 0) == 0 || target.rfind("[::1]", 0) == 0;
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> NewChannel(const std::string& address,
                                                          const std::string& ca_file) {
  absl::StatusOr<Address> parsed = Parse(address);
  if (!parsed.ok()) return parsed.status();
  auto credentials = CredentialsFor(*parsed, ca_file);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(rpc::kMessageBytesMax);
  arguments.SetMaxSendMessageSize(rpc::kMessageBytesMax);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, rpc::kMetadataBytesMax);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, kConnectMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kPingMillis);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPingTimeoutMillis);
  // Also while a stream rests: else gRPC asks twice and then no more.
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // A new channel is to begin anew, not with the backoff of the one before.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // A proxy that http_proxy names cannot reach this machine.
  if (IsThisMachine(parsed->target)) arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel(parsed->target, *credentials, arguments);
}

}  // namespace tidemark::client
