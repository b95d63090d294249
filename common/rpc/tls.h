// TLS of the calls between our processes, by files that may be replaced while they run.
//
//   rpc::TlsSettings settings;
//   rpc::AddServerTls(table, settings);
//   rpc::AddPeerTls(table, settings);
//   …
//   absl::StatusOr<std::unique_ptr<rpc::Tls>> tls = rpc::Tls::Load(loops.Next(), settings);
//   if (!tls.ok()) …
//   auto channel = rpc::NewChannel(settings.auth_address, (*tls)->peer_credentials());
//   rpc::ServiceProcess process(loops, registry, {.credentials = (*tls)->server_credentials()});
//
// New files are taken by new connections, within kCheckEvery (common/tls) and a second; open ones keep what
// they began with. What is not sound is passed over until it is.
#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "absl/status/statusor.h"
#include "common/async/event_loops.h"
#include "common/settings/settings.h"
#include "common/tls/checked_files.h"

namespace tidemark::rpc {

struct TlsSettings {
  // What is shown to callers; its authorities are those of the services' certificates and of nobody else's
  // (service_credential.h).
  tls::Files server = {};
  // What is shown to the services that are called, and whom they must be certified by.
  tls::Files peers = {};

  // A certificate of the services' authority is a credential here, and this process has one for the others.
  bool accepts_certificates() const { return !server.authorities.empty(); }
  bool shows_certificate() const { return !peers.certificate.empty(); }
};

void AddServerTls(settings::Table& table, TlsSettings& settings);
void AddPeerTls(settings::Table& table, TlsSettings& settings);

// Outlives the channels and servers that have its credentials. Thread-safe.
class Tls {
 public:
  // Looks at the files on `loop`, which outlives this. INVALID_ARGUMENT: as CheckedFiles::Load; authorities
  // of callers without a certificate to show them, or a certificate for services whom nobody vouches for.
  static absl::StatusOr<std::unique_ptr<Tls>> Load(EventLoop& loop, const TlsSettings& settings);
  ~Tls();

  // Without a certificate in the settings: plaintext. Callers need not show a certificate. One that they show
  // must be of the authorities, or the connection ends.
  std::shared_ptr<grpc::ServerCredentials> server_credentials() const;

  // Without authorities in the settings: plaintext. A service must show a certificate of theirs that names it
  // (NewChannel).
  std::shared_ptr<grpc::ChannelCredentials> peer_credentials() const;

 private:
  struct Impl;
  explicit Tls(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace tidemark::rpc
