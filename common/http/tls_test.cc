// The server behind TLS, as OpenSSL's clients meet it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/http/raw_client.h"
#include "common/http/server.h"
#include "common/http/tls_certificate.h"

namespace tidemark::http {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::ip::tcp;
using boost::system::error_code;

// A certificate and its key on disk, gone with the test.
class CertificateFolder {
 public:
  CertificateFolder() {
    std::string name = (fs::temp_directory_path() / "tidemark-tls-XXXXXX").string();
    path_ = mkdtemp(name.data());
    Renew("first");
  }
  ~CertificateFolder() { fs::remove_all(path_); }

  TlsFiles files() const { return {path_ / "certificate.pem", path_ / "key.pem"}; }

  // A new pair, in place of the one that is there.
  void Renew(const std::string& name) const {
    Make(name);
    fs::rename(path_ / "new-key.pem", files().key);
    fs::rename(path_ / "new-certificate.pem", files().certificate);
  }
  void RenewTheCertificateAlone(const std::string& name) const {
    Make(name);
    fs::rename(path_ / "new-certificate.pem", files().certificate);
  }
  void FinishWithTheKey() const { fs::rename(path_ / "new-key.pem", files().key); }

 private:
  void Make(const std::string& name) const {
    const std::string command = absl::StrCat(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=", name,
        " -keyout ", (path_ / "new-key.pem").string(), " -out ", (path_ / "new-certificate.pem").string(),
        " 2>/dev/null");
    ASSERT_EQ(std::system(command.c_str()), 0) << command;
  }

  fs::path path_;
};

struct TlsOffer {
  int version_max = TLS1_3_VERSION;
  // As ALPN has it: each with its length before it.
  std::string protocols = "\x08http/1.1";
};

class TlsClient {
 public:
  explicit TlsClient(int port, const TlsOffer& offer = {}) {
    SSL_CTX_set_max_proto_version(context_.native_handle(), offer.version_max);
    // Clients of old versions would not even ask.
    SSL_CTX_set_security_level(context_.native_handle(), 0);
    SSL_CTX_set_alpn_protos(context_.native_handle(),
                            reinterpret_cast<const unsigned char*>(offer.protocols.data()),
                            static_cast<unsigned int>(offer.protocols.size()));
    stream_ = std::make_unique<asio::ssl::stream<tcp::socket>>(io_, context_);
    stream_->next_layer().connect({asio::ip::address_v4::loopback(), static_cast<uint16_t>(port)});
    error_code error;
    stream_->handshake(asio::ssl::stream_base::client, error);
    connected_ = !error.failed();
  }

  bool connected() const { return connected_; }

  // Whose certificate the server has shown.
  std::string name() const {
    X509* certificate = SSL_get1_peer_certificate(stream_->native_handle());
    char text[64] = {};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text, sizeof(text));
    X509_free(certificate);
    return text;
  }
  std::string protocol() const {
    const unsigned char* chosen = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(stream_->native_handle(), &chosen, &size);
    return {reinterpret_cast<const char*>(chosen), size};
  }

  void Send(const std::string& bytes) {
    error_code error;
    asio::write(*stream_, asio::buffer(bytes), error);
  }
  // All that comes up to and with `end`; what there was if the connection ends before.
  std::string ReadUntil(const std::string& end) {
    error_code error;
    size_t size = asio::read_until(*stream_, asio::dynamic_buffer(received_), end, error);
    if (error.failed()) size = received_.size();
    std::string taken = received_.substr(0, size);
    received_.erase(0, size);
    return taken;
  }
  // True: the server has closed as TLS wants it, so that nobody can have cut the answer.
  bool ReadsEnd() {
    error_code error;
    char byte;
    stream_->read_some(asio::buffer(&byte, 1), error);
    return error == asio::error::eof;
  }
  bool IsAnswered() {
    Send("GET /again HTTP/1.1\r\nHost: h\r\n\r\n");
    return ReadUntil("GET /again ").starts_with("HTTP/1.1 200 ");
  }

 private:
  asio::io_context io_;
  asio::ssl::context context_{asio::ssl::context::tls_client};
  std::unique_ptr<asio::ssl::stream<tcp::socket>> stream_;
  std::string received_;
  bool connected_ = false;
};

Task<Response> Echo(Request request) {
  Response response{.body = absl::StrCat(request.method, " ", request.path, " ", request.body)};
  if (request.path == "/large") response.body = std::string(3 << 20, 'l') + "end";
  if (request.path == "/stream") {
    response.stream = [](BodyWriter& writer) -> Task<absl::Status> {
      co_return co_await writer.Write("piece");
    };
  }
  co_return response;
}

class TlsTest : public testing::Test {
 protected:
  void Start(ServerOptions options = {}) {
    options.address = "127.0.0.1:0";
    options.tls_certificate = folder_.files().certificate;
    options.tls_key = folder_.files().key;
    server_ = std::make_unique<Server>(loops_, options, Echo);
    ASSERT_TRUE(server_->Start().ok());
  }
  int port() const { return server_->port(); }

  CertificateFolder folder_;
  EventLoops loops_{2};
  std::unique_ptr<Server> server_;
};

TEST_F(TlsTest, AConnectionServesManyRequests) {
  Start();
  TlsClient client(port());
  ASSERT_TRUE(client.connected());
  EXPECT_EQ(client.name(), "first");
  for (int i = 0; i < 50; ++i) {
    client.Send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody");
    EXPECT_TRUE(client.ReadUntil("POST /a body").starts_with("HTTP/1.1 200 "));
  }
}

TEST_F(TlsTest, ALargeAnswerArrivesWhole) {
  Start();
  TlsClient client(port());
  client.Send("GET /large HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_GT(client.ReadUntil("end").size(), size_t{3} << 20);
  EXPECT_TRUE(client.IsAnswered());
}

TEST_F(TlsTest, AConnectionGoesOnAfterAStream) {
  Start();
  TlsClient client(port());
  for (int i = 0; i < 20; ++i) {
    client.Send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(client.ReadUntil("5\r\npiece\r\n0\r\n\r\n").starts_with("HTTP/1.1 200 "));
  }
  EXPECT_TRUE(client.IsAnswered());
}

TEST_F(TlsTest, TheEndOfAConnectionIsTold) {
  Start();
  TlsClient client(port());
  client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  client.ReadUntil("GET / ");
  EXPECT_TRUE(client.ReadsEnd());
}

TEST_F(TlsTest, WhatIsRefusedIsToldSo) {
  Start({.body_bytes_max = 10});
  TlsClient client(port());
  client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'b'));
  EXPECT_TRUE(client.ReadUntil("too large\n").starts_with("HTTP/1.1 413 "));
}

TEST_F(TlsTest, ASlowRequestIsToldSo) {
  Start({.read_timeout = absl::Seconds(1)});
  TlsClient client(port());
  client.Send("GET / HTTP/1.1\r\nHos");
  EXPECT_TRUE(client.ReadUntil("arrive\n").starts_with("HTTP/1.1 408 "));
}

TEST_F(TlsTest, VersionsBefore12AreRefused) {
  Start();
  EXPECT_FALSE(TlsClient(port(), {.version_max = TLS1_1_VERSION}).connected());
  EXPECT_TRUE(TlsClient(port(), {.version_max = TLS1_2_VERSION}).IsAnswered());
}

TEST_F(TlsTest, OfTheProtocolsOfferedHttp11IsChosen) {
  Start();
  EXPECT_EQ(TlsClient(port(), {.protocols = std::string("\x02h2\x08http/1.1")}).protocol(), "http/1.1");
  EXPECT_FALSE(TlsClient(port(), {.protocols = std::string("\x02h2")}).connected());
}

TEST_F(TlsTest, WhatIsNoTlsIsClosed) {
  Start();
  RawClient client(port());
  client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::optional<std::string> said = client.ReadToEnd();
  ASSERT_TRUE(said.has_value()) << "kept waiting";
  EXPECT_FALSE(said->starts_with("HTTP/"));
}

TEST_F(TlsTest, AHandshakeThatIsNotFinishedIsClosed) {
  Start({.read_timeout = absl::Milliseconds(50)});
  RawClient client(port());
  client.Send("\x16\x03\x01");
  EXPECT_TRUE(client.ReadToEnd().has_value());
}

TEST_F(TlsTest, ARenewedCertificateIsShownToNewConnectionsAndOldOnesGoOn) {
  Start();
  TlsClient old(port());
  ASSERT_TRUE(old.IsAnswered());
  folder_.Renew("second");
  const absl::Time deadline = absl::Now() + absl::Seconds(30);
  while (TlsClient(port()).name() != "second") ASSERT_LT(absl::Now(), deadline) << "never shown";
  EXPECT_TRUE(old.IsAnswered());
  EXPECT_EQ(old.name(), "first");
}

TEST_F(TlsTest, WithoutAUsableCertificateItDoesNotStart) {
  const TlsFiles good = folder_.files();
  const CertificateFolder other;
  for (const TlsFiles& bad :
       {TlsFiles{good.certificate, ""}, TlsFiles{"", good.key}, TlsFiles{"/absent", good.key},
        TlsFiles{good.key, good.certificate}, TlsFiles{good.certificate, other.files().key}}) {
    Server server(loops_, {.address = "127.0.0.1:0", .tls_certificate = bad.certificate, .tls_key = bad.key},
                  Echo);
    EXPECT_EQ(server.Start().code(), absl::StatusCode::kInvalidArgument);
  }
}

TEST(TlsCertificate, APairThatIsHalfWrittenIsPassedOver) {
  const CertificateFolder folder;
  absl::Time now = absl::UnixEpoch();
  const std::unique_ptr<TlsCertificate> certificate = *TlsCertificate::Load(folder.files());
  const TlsContext first = certificate->Current(now);
  folder.RenewTheCertificateAlone("second");
  EXPECT_EQ(certificate->Current(now += tls::kCheckEvery), first);
  folder.FinishWithTheKey();
  EXPECT_NE(certificate->Current(now += tls::kCheckEvery), first);
}

TEST(TlsCertificate, FilesAreNotLookedAtForEachConnection) {
  const CertificateFolder folder;
  const absl::Time now = absl::UnixEpoch();
  const std::unique_ptr<TlsCertificate> certificate = *TlsCertificate::Load(folder.files());
  const TlsContext first = certificate->Current(now);
  folder.Renew("second");
  EXPECT_EQ(certificate->Current(now + tls::kCheckEvery / 2), first);
  EXPECT_NE(certificate->Current(now + tls::kCheckEvery), first);
}

}  // namespace
}  // namespace tidemark::http
