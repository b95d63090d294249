#include "common/rpc/tls.h"

#include <atomic>
#include <utility>

#include "common/async/periodic.h"
#include "common/rpc/grpc_setup.h"

namespace tidemark::rpc {
namespace {

namespace experimental = grpc::experimental;

// How often gRPC looks at the copies, its least.
constexpr unsigned kGrpcLooksEverySeconds = 1;

// gRPC knows no other way to be given new certificates than files that it watches.
std::shared_ptr<experimental::CertificateProviderInterface> Provider(const tls::CheckedFiles& files) {
  return std::make_shared<experimental::FileWatcherCertificateProvider>(
      files.identity_path(), files.identity_path(), files.authorities_path(), kGrpcLooksEverySeconds);
}

std::shared_ptr<grpc::ServerCredentials> ServerCredentialsOf(const tls::CheckedFiles& files) {
  if (files.identity_path().empty()) return grpc::InsecureServerCredentials();
  experimental::TlsServerCredentialsOptions options(Provider(files));
  options.watch_identity_key_cert_pairs();
  if (!files.authorities_path().empty()) {
    options.watch_root_certs();
    // Native clients have none; they prove themselves by their tokens.
    options.set_cert_request_type(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  return experimental::TlsServerCredentials(options);
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentialsOf(const tls::CheckedFiles& files) {
  if (files.authorities_path().empty()) return grpc::InsecureChannelCredentials();
  experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(Provider(files));
  options.watch_root_certs();
  if (!files.identity_path().empty()) options.watch_identity_key_cert_pairs();
  options.set_certificate_verifier(std::make_shared<experimental::HostNameCertificateVerifier>());
  return experimental::TlsCredentials(options);
}

absl::Status CheckNamed(const TlsSettings& settings) {
  if (settings.server.certificate.empty() && !settings.server.authorities.empty()) {
    return absl::InvalidArgumentError("tls-client-ca-file: without tls-cert-file there is no TLS");
  }
  if (settings.peers.authorities.empty() && !settings.peers.certificate.empty()) {
    return absl::InvalidArgumentError("peer-cert-file: without peer-ca-file there is no TLS");
  }
  return absl::OkStatus();
}

}  // namespace

struct Tls::Impl {
  Impl(EventLoop& loop, std::unique_ptr<tls::CheckedFiles> of_server,
       std::unique_ptr<tls::CheckedFiles> of_peers)
      : server_files(std::move(of_server)),
        peer_files(std::move(of_peers)),
        server_credentials(ServerCredentialsOf(*server_files)),
        peer_credentials(ChannelCredentialsOf(*peer_files)),
        refreshing(
            loop, [] { return tls::kCheckEvery; },
            [this](const std::atomic<bool>&) -> Task<void> {
              server_files->Refresh();
              peer_files->Refresh();
              co_return;
            }) {}

  const std::unique_ptr<tls::CheckedFiles> server_files;
  const std::unique_ptr<tls::CheckedFiles> peer_files;
  const std::shared_ptr<grpc::ServerCredentials> server_credentials;
  const std::shared_ptr<grpc::ChannelCredentials> peer_credentials;
  // Last: uses the files.
  Periodic refreshing;
};

Tls::Tls(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Tls::~Tls() = default;

absl::StatusOr<std::unique_ptr<Tls>> Tls::Load(EventLoop& loop, const TlsSettings& settings) {
  SetUpGrpc();
  if (absl::Status named = CheckNamed(settings); !named.ok()) return named;
  auto server = tls::CheckedFiles::Load(settings.server);
  if (!server.ok()) return server.status();
  auto peers = tls::CheckedFiles::Load(settings.peers);
  if (!peers.ok()) return peers.status();
  return std::unique_ptr<Tls>(new Tls(std::make_unique<Impl>(loop, *std::move(server), *std::move(peers))));
}

std::shared_ptr<grpc::ServerCredentials> Tls::server_credentials() const { return impl_->server_credentials; }
std::shared_ptr<grpc::ChannelCredentials> Tls::peer_credentials() const { return impl_->peer_credentials; }

void AddServerTls(settings::Table& table, TlsSettings& settings) {
  table.Add("tls-cert-file", &settings.server.certificate,
            "PEM file of the certificate and its chain, for TLS on `address`; this and the other "
            "certificates and keys "
            "are read again when they change; empty: plaintext");
  table.Add("tls-key-file", &settings.server.key, "PEM file of that certificate's key; both or neither");
  table.Add("tls-client-ca-file", &settings.server.authorities,
            "PEM file of the authority whose certificates are a service's credential, beside service-token: "
            "whoever has one of them is let in to all that is internal; callers need not show one; empty: "
            "none is asked for");
}

void AddPeerTls(settings::Table& table, TlsSettings& settings) {
  table.Add("peer-ca-file", &settings.peers.authorities,
            "PEM file of the authority that certifies the services which are called: then they are called by "
            "TLS, and "
            "must have a certificate that names the host of their address (of several the first); empty: "
            "plaintext");
  table.Add("peer-cert-file", &settings.peers.certificate,
            "PEM file of the certificate and its chain that is shown to services, in place of service-token "
            "or beside it");
  table.Add("peer-key-file", &settings.peers.key, "PEM file of that certificate's key; both or neither");
}

}  // namespace tidemark::rpc
