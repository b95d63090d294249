#include "common/http/tls_certificate.h"

#include <openssl/ssl.h>

#include <boost/asio/ssl/context.hpp>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"

namespace tidemark::http {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

// TLS 1.2 with forward secrecy and authenticated encryption alone. TLS 1.3 has nothing else.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

// In the form of ALPN: its length, then the name.
constexpr std::string_view kProtocol = "\x08http/1.1";

int ChooseProtocol(SSL*, const unsigned char** chosen, unsigned char* chosen_size,
                   const unsigned char* offered, unsigned int offered_size, void*) {
  const auto* ours = reinterpret_cast<const unsigned char*>(kProtocol.data());
  const int found = SSL_select_next_proto(const_cast<unsigned char**>(chosen), chosen_size, ours,
                                          static_cast<unsigned int>(kProtocol.size()), offered, offered_size);
  return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

void Restrict(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_cipher_list(context, kCiphers);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Clients resume by tickets, which they keep themselves.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // An idle connection gives its buffers back.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(context, ChooseProtocol, nullptr);
}

absl::StatusOr<TlsContext> ReadContext(const TlsFiles& files) {
  const auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  Restrict(context->native_handle());
  error_code error;
  // Else OpenSSL asks the terminal.
  context->set_password_callback([](size_t, ssl::context::password_purpose) { return ""; }, error);
  context->use_certificate_chain_file(files.certificate, error);
  if (error.failed()) {
    return absl::InvalidArgumentError(
        absl::StrCat("no certificate in ", files.certificate, ": ", error.message()));
  }
  context->use_private_key_file(files.key, ssl::context::pem, error);
  if (error.failed()) {
    return absl::InvalidArgumentError(
        absl::StrCat("no key of this certificate in ", files.key, ": ", error.message()));
  }
  return context;
}

}  // namespace

TlsCertificate::TlsCertificate(TlsFiles files)
    : files_(std::move(files)), watched_({files_.certificate, files_.key}) {}

absl::StatusOr<std::unique_ptr<TlsCertificate>> TlsCertificate::Load(TlsFiles files) {
  std::unique_ptr<TlsCertificate> certificate(new TlsCertificate(std::move(files)));
  absl::StatusOr<TlsContext> context = ReadContext(certificate->files_);
  if (!context.ok()) return context.status();
  certificate->context_ = *std::move(context);
  return certificate;
}

TlsContext TlsCertificate::Current(absl::Time now) {
  if (now - checked_ < tls::kCheckEvery) return context_;
  checked_ = now;
  watched_.Refresh([this] {
    absl::StatusOr<TlsContext> context = ReadContext(files_);
    if (context.ok()) context_ = *std::move(context);
    return context.status();
  });
  return context_;
}

}  // namespace tidemark::http
