// What can be set about the gateway.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/net/ip.h"
#include "common/rpc/tls.h"
#include "gateway/http/cors.h"

namespace tidemark::gateway {

struct GatewaySettings {
  std::string address = "127.0.0.1:8080";
  std::string admin_address;
  std::string sync_address = "127.0.0.1:50051";
  std::string auth_address = "127.0.0.1:50052";
  std::string service_token;
  rpc::TlsSettings tls;
  std::string web_dir;
  std::string trusted_proxies;
  // What trusted_proxies names.
  std::vector<IpNetwork> proxies;
  std::string tls_certificate;
  std::string tls_key;
  std::string operator_token;
  std::string cors_origins;
  // What cors_origins says.
  CorsPolicy cors;
  std::string log_level = "info";
  int event_loops = 2;
  int connections_max = 10'000;
  int connections_per_address_max = 1'000;
  int body_bytes_max = 2 * 1024 * 1024;
  absl::Duration read_timeout = absl::Seconds(15);
  absl::Duration write_timeout = absl::Seconds(30);
  absl::Duration idle_timeout = absl::Seconds(75);
  absl::Duration call_timeout = absl::Seconds(10);
  absl::Duration handover = absl::Milliseconds(500);
  absl::Duration drain_grace = absl::Seconds(10);
};

// Nothing: go on. Otherwise main returns this code.
std::optional<int> ParseSettings(int argc, char** argv, GatewaySettings& settings);

}  // namespace tidemark::gateway
