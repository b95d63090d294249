// TLS, as an ingress in front of the services speaks it. `openssl` makes the certificates.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "client/transport/grpc/grpc_transport.h"
#include "client/transport/tells_code.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::client {
namespace {

class SyncServer final : public v1::SyncService::Service {
 public:
  grpc::Status Check(grpc::ServerContext*, const v1::CheckRequest*, v1::CheckResponse* response) override {
    response->set_etag("\"1-2-3\"");
    return grpc::Status::OK;
  }
};

std::string ReadAll(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class GrpcTlsTest : public testing::Test {
 protected:
  GrpcTlsTest() {
    std::filesystem::create_directories(folder_);
    MakeCertificate("server");
    MakeCertificate("stranger");
    grpc::ServerBuilder builder;
    grpc::SslServerCredentialsOptions options;
    options.pem_key_cert_pairs.push_back({ReadAll(PathOf("server.key")), ReadAll(PathOf("server.pem"))});
    builder.AddListeningPort("127.0.0.1:0", grpc::SslServerCredentials(options), &port_);
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
  }

  std::string PathOf(const std::string& name) const { return folder_ + "/" + name; }

  // Vouches for itself.
  void MakeCertificate(const std::string& name) const {
    const std::string command =
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=" + name +
        " -addext subjectAltName=IP:127.0.0.1 -keyout " + PathOf(name + ".key") + " -out " +
        PathOf(name + ".pem") + " 2>/dev/null";
    ASSERT_EQ(std::system(command.c_str()), 0);
  }

  absl::StatusOr<CheckAnswer> CheckTrusting(const std::string& certificate) {
    auto transport = NewGrpcTransport(
        {.address = "https://127.0.0.1:" + std::to_string(port_), .ca_file = PathOf(certificate)});
    EXPECT_TRUE(transport.ok()) << transport.status();
    return (*transport)->Check({.access_token = "good"}, {}).answer;
  }

  const std::string folder_ = testing::TempDir() + "grpc_tls_test";
  SyncServer service_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(GrpcTlsTest, AServerThatTheAuthorityVouchesForIsAsked) {
  const absl::StatusOr<CheckAnswer> answer = CheckTrusting("server.pem");
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->etag, "\"1-2-3\"");
}

TEST_F(GrpcTlsTest, AServerThatNobodyVouchesForGetsNoToken) {
  const absl::Status status = CheckTrusting("stranger.pem").status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_FALSE(TellsCode(status));
}

TEST_F(GrpcTlsTest, AServerThatExpectsTlsIsNotAskedInTheClear) {
  auto transport = NewGrpcTransport({.address = "127.0.0.1:" + std::to_string(port_)});
  const absl::Status status = (*transport)->Check({.access_token = "good"}, {}).answer.status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

}  // namespace
}  // namespace tidemark::client
