#include "gateway/settings.h"

#include "common/net/client_address.h"
#include "common/rpc/server.h"
#include "common/rpc/service_credential.h"
#include "common/rpc/target.h"
#include "common/settings/settings.h"

namespace tidemark::gateway {
namespace {

absl::Status ReadCors(const std::string& text, CorsPolicy& cors) {
  absl::StatusOr<CorsPolicy> parsed = CorsPolicy::Parse(text);
  if (!parsed.ok()) return parsed.status();
  cors = *std::move(parsed);
  return absl::OkStatus();
}

absl::Status ReadProxies(const std::string& text, std::vector<IpNetwork>& proxies) {
  absl::StatusOr<std::vector<IpNetwork>> parsed = ParseProxies(text);
  if (parsed.ok()) proxies = *std::move(parsed);
  return parsed.status();
}

// It is asked for from everywhere, as often as anybody likes.
absl::Status CheckOperatorToken(const std::string& token) {
  constexpr size_t kLengthMin = 32;
  if (token.empty() || token.size() >= kLengthMin) return absl::OkStatus();
  return absl::InvalidArgumentError("too short to be safe: make one of 32 characters or more");
}

}  // namespace

std::optional<int> ParseSettings(int argc, char** argv, GatewaySettings& s) {
  settings::Table table("tidemark-gateway", "Speaks JSON over HTTP to clients, and serves the web page.");
  table.Add("address", &s.address, "where to listen for HTTP, host:port");
  table.Add("admin-address", &s.admin_address,
            "where to serve /metrics, /livez and /readyz; empty: the same host, port + 1000");
  table.Add("sync-address", &s.sync_address, "the sync service, host:port, or several parted by commas")
      .Check(rpc::CheckTarget);
  table.Add("auth-address", &s.auth_address, "the auth service, host:port, or several parted by commas")
      .Check(rpc::CheckTarget);
  rpc::AddServiceToken(table, s.service_token);
  rpc::AddPeerTls(table, s.tls);
  table.Add("web-dir", &s.web_dir, "the built web page; empty: none is served");
  table
      .Add("trusted-proxies", &s.trusted_proxies,
           "whose X-Forwarded-For is believed: addresses or networks, parted by commas; empty: nobody's")
      .Check([&s](const std::string& text) { return ReadProxies(text, s.proxies); });
  table
      .Add("operator-token", &s.operator_token,
           "opens /status, at least 32 characters; empty: this machine itself sees it without, and nobody "
           "else")
      .Secret()
      .Check(CheckOperatorToken);
  table.Add("tls-certificate", &s.tls_certificate,
            "PEM file of the certificate and its chain, for HTTPS on `address`; read again when it changes; "
            "empty: HTTP");
  table.Add("tls-key", &s.tls_key, "PEM file of the certificate's key; both or neither");
  table
      .Add("cors-origins", &s.cors_origins,
           "whose pages may call the API from a browser: origins such as https://app.example, parted by "
           "commas; "
           "empty: only the gateway's own")
      .Check([&s](const std::string& text) { return ReadCors(text, s.cors); });
  table.Add("log-level", &s.log_level, "what to log").OneOf({"debug", "info", "warning", "error"});
  table.Add("event-loops", &s.event_loops, "threads that wait for the network").Range(1, 256);
  table.Add("connections-max", &s.connections_max, "open connections; more are refused").Range(1, 1'000'000);
  table
      .Add("connections-per-address-max", &s.connections_per_address_max,
           "open connections of one address (IPv6: of a /64 network); more are refused; not for this "
           "machine's own, nor for trusted proxies")
      .Range(1, 1'000'000);
  table.Add("body-bytes-max", &s.body_bytes_max, "larger request bodies get 413")
      .Range(1024, 8 * 1024 * 1024);
  table.Add("read-timeout", &s.read_timeout, "a request that takes longer to arrive gets 408");
  table.Add("write-timeout", &s.write_timeout, "a client that takes longer to read its answer is dropped");
  table.Add("idle-timeout", &s.idle_timeout, "a connection without a request is closed after this long");
  table.Add("call-timeout", &s.call_timeout, "a service that takes longer to answer counts as unavailable");
  table.Add("handover", &s.handover,
            "at SIGTERM: how long requests are still taken, each as the last of its connection, while "
            "balancers are told not to be ready");
  table.Add("drain-grace", &s.drain_grace, "how long requests under way may take after that");
  std::optional<int> exit_code = table.Parse(argc, argv);
  if (s.admin_address.empty()) s.admin_address = rpc::DefaultAdminAddress(s.address);
  return exit_code;
}

}  // namespace tidemark::gateway
