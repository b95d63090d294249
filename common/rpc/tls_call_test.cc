// Calls between processes that know each other by certificates.
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/async/test_eventually.h"
#include "common/rpc/carrier_client.h"
#include "common/rpc/carrier_server.h"
#include "common/rpc/client.h"
#include "common/rpc/handler.h"
#include "common/rpc/server.h"
#include "common/rpc/service_credential.h"
#include "common/rpc/tls.h"
#include "common/tls/test_authority.h"
#include "tidemark/v1/ratelimit.grpc.pb.h"

namespace tidemark::rpc {
namespace {

using tls::TestAuthority;

constexpr char kToken[] = "the service token";
constexpr char kAcquire[] = "/tidemark.v1.RateLimitService/Acquire";

// Peek is for everybody, Acquire for services.
class Rooms final : public v1::RateLimitService::CallbackService {
 public:
  explicit Rooms(EventLoops& loops) : loops_(loops) {}

  grpc::ServerUnaryReactor* Peek(grpc::CallbackServerContext* context, const v1::PeekRequest*,
                                 v1::PeekResponse*) override {
    return HandleUnary(loops_, context,
                       [](ServerCall&) -> Task<absl::Status> { co_return absl::OkStatus(); });
  }
  grpc::ServerUnaryReactor* Acquire(grpc::CallbackServerContext* context, const v1::AcquireRequest*,
                                    v1::AcquireResponse*) override {
    return HandleUnary(loops_, context,
                       [](ServerCall& call) -> Task<absl::Status> { co_return credential().Check(call); });
  }

  static ServiceCredential credential() { return ServiceCredential(kToken); }

 private:
  EventLoops& loops_;
};

// A process that serves on a port of its own.
class Server {
 public:
  Server(EventLoops& loops, const TlsSettings& settings, int port = 0)
      : tls_(*Tls::Load(loops.Next(), settings)),
        rooms_(loops),
        carrier_(loops, registry_, Rooms::credential()),
        process_(loops, registry_,
                 {.address = absl::StrCat("127.0.0.1:", port),
                  .credentials = tls_->server_credentials(),
                  .admin_address = "127.0.0.1:0"}) {
    carrier_.Add<v1::AcquireRequest, v1::AcquireResponse>(
        kAcquire,
        [](ServerCall& call, const v1::AcquireRequest&, v1::AcquireResponse&) -> Task<absl::Status> {
          co_return Rooms::credential().Check(call);
        });
    EXPECT_TRUE(process_.Start({&rooms_, &carrier_}));
  }

  int port() const { return process_.port(); }
  std::string address() const { return absl::StrCat("127.0.0.1:", port()); }

 private:
  metrics::Registry registry_;
  const std::unique_ptr<Tls> tls_;
  Rooms rooms_;
  CarrierServer carrier_;
  ServiceProcess process_;
};

// A process that calls it, by one channel.
class Client {
 public:
  Client(EventLoops& loops, const TlsSettings& settings, const std::string& addresses)
      : loops_(loops),
        addresses_(addresses),
        tls_(*Tls::Load(loops.Next(), settings)),
        channel_(NewChannel(addresses, tls_->peer_credentials())),
        stub_(v1::RateLimitService::NewStub(channel_)) {}

  // In a room that is open to everybody, and in one that is for services.
  grpc::StatusCode Enter() {
    return Call([this](auto* context) {
      v1::PeekResponse response;
      return stub_->Peek(context, {}, &response);
    });
  }
  grpc::StatusCode EnterAsService(const std::string& token = "") {
    return Call([this, &token](auto* context) {
      if (!token.empty()) context->AddMetadata("service-token", token);
      v1::AcquireResponse response;
      return stub_->Acquire(context, {}, &response);
    });
  }
  // The same, carried.
  absl::Status EnterCarried() {
    CarrierClient carrier(loops_, channel_, ReplicasOf(addresses_, tls_->peer_credentials()), "");
    ClientCall call{.timeout = absl::Seconds(30)};
    return RunBlocking<absl::StatusOr<v1::AcquireResponse>>(
               loops_.at(0),
               [&] { return carrier.Call<v1::AcquireResponse>(call, kAcquire, v1::AcquireRequest()); })
        .status();
  }

 private:
  template <typename Ask>
  static grpc::StatusCode Call(Ask ask) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
    return ask(&context).error_code();
  }

  EventLoops& loops_;
  const std::string addresses_;
  const std::unique_ptr<Tls> tls_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::RateLimitService::Stub> stub_;
};

class TlsCallTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { BlockSignals(); }

  TlsCallTest() {
    authority_.Sign("server");
    authority_.Sign("client", "DNS:gateway");
    stranger_.Sign("server");
    stranger_.Sign("client", "DNS:gateway");
  }

  static tls::Files Shown(const TestAuthority& authority, const std::string& name) {
    return {authority.certificate(name), authority.key(name), ""};
  }
  TlsSettings ServerSettings() const {
    TlsSettings settings{.server = Shown(authority_, "server")};
    settings.server.authorities = authority_.file();
    return settings;
  }
  TlsSettings ClientSettings() const {
    TlsSettings settings{.peers = Shown(authority_, "client")};
    settings.peers.authorities = authority_.file();
    return settings;
  }

  EventLoops loops_{2};
  const TestAuthority authority_;
  const TestAuthority stranger_;
};

TEST_F(TlsCallTest, ACertificateOfTheAuthorityIsTheServiceCredential) {
  const Server server(loops_, ServerSettings());
  Client client(loops_, ClientSettings(), server.address());
  EXPECT_EQ(client.Enter(), grpc::OK);
  EXPECT_EQ(client.EnterAsService(), grpc::OK);
  EXPECT_TRUE(client.EnterCarried().ok());
}

TEST_F(TlsCallTest, WhoShowsNoneIsServedAsEverybodyIsAndByTheTokenAsAService) {
  const Server server(loops_, ServerSettings());
  Client person(loops_, {.peers = {.authorities = authority_.file()}}, server.address());
  EXPECT_EQ(person.Enter(), grpc::OK);
  EXPECT_EQ(person.EnterAsService(), grpc::PERMISSION_DENIED);
  EXPECT_EQ(person.EnterAsService(kToken), grpc::OK);
  EXPECT_FALSE(person.EnterCarried().ok());
}

TEST_F(TlsCallTest, AStrangersCertificateOpensNothing) {
  const Server server(loops_, ServerSettings());
  TlsSettings settings{.peers = Shown(stranger_, "client")};
  settings.peers.authorities = authority_.file();
  Client stranger(loops_, settings, server.address());
  EXPECT_EQ(stranger.Enter(), grpc::UNAVAILABLE);
  EXPECT_EQ(stranger.EnterAsService(kToken), grpc::UNAVAILABLE);
}

TEST_F(TlsCallTest, WhereNoAuthorityIsNamedNobodyIsAskedForACertificate) {
  TlsSettings settings = ServerSettings();
  settings.server.authorities = "";
  const Server server(loops_, settings);
  Client client(loops_, ClientSettings(), server.address());
  EXPECT_EQ(client.Enter(), grpc::OK);
  EXPECT_EQ(client.EnterAsService(), grpc::PERMISSION_DENIED);
}

TEST_F(TlsCallTest, AServiceMustShowACertificateOfTheAuthority) {
  const Server server(loops_, {.server = Shown(stranger_, "server")});
  EXPECT_EQ(Client(loops_, ClientSettings(), server.address()).Enter(), grpc::UNAVAILABLE);
}

TEST_F(TlsCallTest, ItsCertificateMustNameTheHostThatIsCalled) {
  authority_.Sign("server", "DNS:tidemark-sync,IP:127.0.0.2");
  const Server server(loops_, ServerSettings());
  EXPECT_EQ(Client(loops_, ClientSettings(), server.address()).Enter(), grpc::UNAVAILABLE);
}

TEST_F(TlsCallTest, OfSeveralAddressesItNamesTheFirst) {
  const Server server(loops_, ServerSettings());
  const std::string list = absl::StrCat(server.address(), ",127.0.0.2:", server.port());
  EXPECT_EQ(Client(loops_, ClientSettings(), list).EnterAsService(), grpc::OK);
}

TEST_F(TlsCallTest, ANameIsWhatACertificateIsHeldAgainst) {
  authority_.Sign("server", "DNS:localhost");
  const Server server(loops_, ServerSettings());
  const std::string name = absl::StrCat("dns:///localhost:", server.port());
  EXPECT_EQ(Client(loops_, ClientSettings(), name).EnterAsService(), grpc::OK);
}

TEST_F(TlsCallTest, PlaintextAndTlsDoNotMeet) {
  const Server server(loops_, ServerSettings());
  EXPECT_EQ(Client(loops_, {}, server.address()).Enter(), grpc::UNAVAILABLE);
  const Server plain(loops_, {});
  EXPECT_EQ(Client(loops_, ClientSettings(), plain.address()).Enter(), grpc::UNAVAILABLE);
  EXPECT_EQ(Client(loops_, {}, plain.address()).Enter(), grpc::OK);
}

TEST_F(TlsCallTest, ARenewedServersCertificateIsShownToNewConnectionsAndOldOnesGoOn) {
  const Server server(loops_, ServerSettings());
  Client old(loops_, ClientSettings(), server.address());
  ASSERT_EQ(old.EnterAsService(), grpc::OK);

  // By another authority, so that one can tell which is shown.
  tls::PutFile(authority_.key("server"), tls::ContentOf(stranger_.key("server")));
  tls::PutFile(authority_.certificate("server"), tls::ContentOf(stranger_.certificate("server")));
  const TlsSettings by_new{.peers = {.authorities = stranger_.file()}};
  EXPECT_TRUE(Eventually([&] { return Client(loops_, by_new, server.address()).Enter() == grpc::OK; }));
  EXPECT_EQ(old.EnterAsService(), grpc::OK);
}

TEST_F(TlsCallTest, ARenewedCallersCertificateIsShownWhenItConnectsAnew) {
  const TestAuthority next;
  next.Sign("client", "DNS:gateway");
  TlsSettings trusting_next = ServerSettings();
  trusting_next.server.authorities = next.file();

  auto server = std::make_unique<Server>(loops_, ServerSettings());
  const int port = server->port();
  Client client(loops_, ClientSettings(), server->address());
  ASSERT_EQ(client.EnterAsService(), grpc::OK);
  tls::PutFile(authority_.key("client"), tls::ContentOf(next.key("client")));
  tls::PutFile(authority_.certificate("client"), tls::ContentOf(next.certificate("client")));
  server.reset();
  server = std::make_unique<Server>(loops_, trusting_next, port);
  EXPECT_TRUE(Eventually([&] { return client.EnterAsService() == grpc::OK; }));
}

TEST_F(TlsCallTest, AnAuthorityThatIsAddedIsBelieved) {
  const Server server(loops_, ServerSettings());
  TlsSettings settings{.peers = Shown(stranger_, "client")};
  settings.peers.authorities = authority_.file();
  ASSERT_EQ(Client(loops_, settings, server.address()).EnterAsService(), grpc::UNAVAILABLE);
  tls::PutFile(authority_.file(), tls::ContentOf(authority_.file()) + tls::ContentOf(stranger_.file()));
  EXPECT_TRUE(
      Eventually([&] { return Client(loops_, settings, server.address()).EnterAsService() == grpc::OK; }));
}

TEST_F(TlsCallTest, SettingsThatWouldBePlaintextByMistakeAreRefused) {
  for (const TlsSettings& bad : {TlsSettings{.server = {.authorities = authority_.file()}},
                                 TlsSettings{.peers = Shown(authority_, "client")},
                                 TlsSettings{.server = Shown(authority_, "absent")}}) {
    EXPECT_TRUE(absl::IsInvalidArgument(Tls::Load(loops_.Next(), bad).status()));
  }
}

}  // namespace
}  // namespace tidemark::rpc
