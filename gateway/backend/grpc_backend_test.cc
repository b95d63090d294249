// The gRPC backends against services in this process.
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <vector>

#include "common/async/event_loops.h"
#include "common/rpc/carrier_server.h"
#include "common/rpc/client.h"
#include "common/status/error.h"
#include "gateway/backend/grpc_auth_backend.h"
#include "gateway/backend/grpc_sync_backend.h"

namespace tidemark::gateway {
namespace {

std::map<std::string, std::string> MetadataOf(const grpc::ServerContext& context) {
  std::map<std::string, std::string> metadata;
  for (const auto& [key, value] : context.client_metadata()) {
    metadata[std::string(key.data(), key.size())] = std::string(value.data(), value.size());
  }
  return metadata;
}

class FakeSyncService : public v1::SyncService::Service {
 public:
  void CarryBy(rpc::CarrierServer& carrier) {
    carrier.Add<v1::CheckRequest, v1::CheckResponse>(
        "/tidemark.v1.SyncService/Check",
        [this](rpc::ServerCall& call, const v1::CheckRequest& request,
               v1::CheckResponse& response) -> Task<absl::Status> {
          called = call;
          call.trailers["ratelimit"] = "\"check\";r=1;t=2";
          response.set_not_modified(request.if_none_match() == "\"1-2-3\"");
          response.set_etag("\"1-2-3\"");
          co_return carried_result;
        });
    carrier.Add<v1::SyncRequest, v1::SyncResponse>("/tidemark.v1.SyncService/Sync",
                                                   [](rpc::ServerCall&, const v1::SyncRequest& request,
                                                      v1::SyncResponse& response) -> Task<absl::Status> {
                                                     response.set_server_time(request.last_sync() + 1);
                                                     co_return absl::OkStatus();
                                                   });
  }

  grpc::Status SyncV1(grpc::ServerContext* context, const v1::SyncV1Request* request,
                      grpc::ServerWriter<v1::SyncV1Response>* writer) override {
    context->AddTrailingMetadata("ratelimit", "\"v1_sync\";r=1;t=2");
    for (int part = 0; part < 3; ++part) {
      v1::SyncV1Response response;
      response.add_updates()->set_id("task-" + std::to_string(part));
      response.add_conflicts()->set_at(part);
      response.set_full_resync(part == 0);
      if (part == 2) response.set_server_time(request->last_sync() + 1);
      writer->Write(response);
    }
    return result;
  }

  grpc::Status Export(grpc::ServerContext*, const v1::ExportRequest*,
                      grpc::ServerWriter<v1::ExportResponse>* writer) override {
    v1::ExportResponse response;
    response.add_tasks()->set_id("exported");
    writer->Write(response);
    return result;
  }

  grpc::Status Watch(grpc::ServerContext*, const v1::WatchRequest* request,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override {
    v1::WatchResponse response;
    response.set_etag("after " + request->if_none_match());
    writer->Write(response);
    return result;
  }

  // Of streams.
  grpc::Status result;
  // Of unary calls.
  absl::Status carried_result;
  rpc::ServerCall called;
};

class FakeAuthService : public v1::AuthService::Service {
 public:
  grpc::Status Login(grpc::ServerContext* context, const v1::LoginRequest* request,
                     v1::LoginResponse* response) override {
    metadata = MetadataOf(*context);
    response->mutable_tokens()->set_user_id(request->email());
    return grpc::Status::OK;
  }
  grpc::Status Register(grpc::ServerContext*, const v1::RegisterRequest* request,
                        v1::RegisterResponse* response) override {
    response->mutable_tokens()->set_user_id(request->email());
    return grpc::Status::OK;
  }
  grpc::Status Refresh(grpc::ServerContext*, const v1::RefreshRequest* request,
                       v1::RefreshResponse* response) override {
    response->mutable_tokens()->set_refresh_token(request->refresh_token() + "+");
    return grpc::Status::OK;
  }
  grpc::Status Logout(grpc::ServerContext*, const v1::LogoutRequest*, v1::LogoutResponse*) override {
    return rpc::ToGrpc(Error(Code::kInvalidToken, "unknown"));
  }
  grpc::Status GetJwks(grpc::ServerContext*, const v1::GetJwksRequest*,
                       v1::GetJwksResponse* response) override {
    response->add_keys()->set_kid("k1");
    return grpc::Status::OK;
  }
  grpc::Status ChangePassword(grpc::ServerContext* context, const v1::ChangePasswordRequest* request,
                              v1::ChangePasswordResponse*) override {
    metadata = MetadataOf(*context);
    return rpc::ToGrpc(Error(Code::kWeakPassword, request->new_password()));
  }
  grpc::Status ListSessions(grpc::ServerContext*, const v1::ListSessionsRequest*,
                            v1::ListSessionsResponse* response) override {
    response->add_sessions()->set_id("s1");
    return grpc::Status::OK;
  }
  grpc::Status RevokeSession(grpc::ServerContext*, const v1::RevokeSessionRequest* request,
                             v1::RevokeSessionResponse*) override {
    return rpc::ToGrpc(Error(Code::kNotFound, request->id()));
  }
  grpc::Status DeleteAccount(grpc::ServerContext*, const v1::DeleteAccountRequest* request,
                             v1::DeleteAccountResponse*) override {
    return rpc::ToGrpc(Error(Code::kBadCredentials, request->password()));
  }

  std::map<std::string, std::string> metadata;
};

class GrpcBackendTest : public testing::Test {
 protected:
  GrpcBackendTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    sync_service_.CarryBy(carrier_);
    builder.RegisterService(&sync_service_);
    builder.RegisterService(&carrier_);
    builder.RegisterService(&auth_service_);
    server_ = builder.BuildAndStart();
    const auto channel = rpc::NewChannel("127.0.0.1:" + std::to_string(port_));
    sync_ = std::make_unique<GrpcSyncBackend>(loops_, channel, rpc::Replicas(), "service-secret");
    auth_ = std::make_unique<GrpcAuthBackend>(channel, "service-secret");
    call_.origin.request_id = "r1";
    call_.authorization = "Bearer t";
    call_.forwarded_for = "192.0.2.7";
  }

  // Runs one call on a loop, as the gateway does.
  template <typename Response>
  absl::StatusOr<Response> Run(std::function<Task<absl::StatusOr<Response>>()> body) {
    return RunBlocking<absl::StatusOr<Response>>(loops_.Next(), std::move(body));
  }

  // Reads a stream to its end, which is left in end_.
  template <typename Message>
  std::vector<Message> ReadAll(std::function<std::unique_ptr<rpc::StreamReader<Message>>()> open) {
    std::vector<Message> messages;
    RunBlocking<void>(loops_.Next(), [&]() -> Task<void> {
      const std::unique_ptr<rpc::StreamReader<Message>> reader = open();
      for (;;) {
        absl::StatusOr<std::optional<Message>> message = co_await reader->Read();
        end_ = message.status();
        if (!message.ok() || !message->has_value()) co_return;
        messages.push_back(**std::move(message));
      }
    });
    return messages;
  }

  absl::Status end_;
  int port_ = 0;
  EventLoops loops_{1};
  metrics::Registry registry_;
  rpc::CarrierServer carrier_{loops_, registry_, rpc::ServiceCredential("service-secret")};
  FakeSyncService sync_service_;
  FakeAuthService auth_service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<GrpcSyncBackend> sync_;
  std::unique_ptr<GrpcAuthBackend> auth_;
  rpc::ClientCall call_;
};

TEST_F(GrpcBackendTest, CheckBringsTheStateAndTheTrailersBack) {
  v1::CheckRequest request;
  request.set_if_none_match("\"1-2-3\"");
  const auto response = Run<v1::CheckResponse>([&] { return sync_->Check(call_, request); });
  ASSERT_TRUE(response.ok()) << response.status().ToString();
  EXPECT_TRUE(response->not_modified());
  EXPECT_EQ(call_.trailers.at("ratelimit"), "\"check\";r=1;t=2");
  EXPECT_EQ(sync_service_.called.origin.request_id, "r1");
  EXPECT_EQ(sync_service_.called.authorization, "Bearer t");
}

TEST_F(GrpcBackendTest, AuthIsShownTheServiceCredentialAndWhomTheGatewaySpeaksFor) {
  ASSERT_TRUE(Run<v1::LoginResponse>([&] { return auth_->Login(call_, {}); }).ok());
  EXPECT_EQ(auth_service_.metadata.at("service-token"), "service-secret");
  EXPECT_EQ(auth_service_.metadata.at("x-forwarded-for"), "192.0.2.7");
}

TEST_F(GrpcBackendTest, AnErrorComesBackWithItsCode) {
  sync_service_.carried_result = Error(Code::kExpiredToken, "expired");
  const auto response = Run<v1::CheckResponse>([&] { return sync_->Check(call_, {}); });
  EXPECT_EQ(ErrorInfoOf(response.status()).code, Code::kExpiredToken);
  EXPECT_EQ(call_.trailers.count("ratelimit"), 1u) << "errors carry trailers too";
}

TEST_F(GrpcBackendTest, AV1AnswerComesInItsParts) {
  v1::SyncV1Request request;
  request.set_last_sync(41);
  const std::vector<v1::SyncV1Response> parts =
      ReadAll<v1::SyncV1Response>([&] { return sync_->SyncV1(call_, request); });
  ASSERT_EQ(parts.size(), 3u);
  for (int part = 0; part < 3; ++part) EXPECT_EQ(parts[part].updates(0).id(), "task-" + std::to_string(part));
  EXPECT_EQ(parts[2].server_time(), 42);
  EXPECT_TRUE(end_.ok()) << end_;
}

TEST_F(GrpcBackendTest, AV1AnswerThatBreaksOffEndsWithTheError) {
  sync_service_.result = rpc::ToGrpc(Error(Code::kUnavailable, "lost"));
  EXPECT_EQ(ReadAll<v1::SyncV1Response>([&] { return sync_->SyncV1(call_, {}); }).size(), 3u);
  EXPECT_EQ(ErrorInfoOf(end_).code, Code::kUnavailable);
}

TEST_F(GrpcBackendTest, AnExportAndAWatchReachTheirMethods) {
  const auto parts = ReadAll<v1::ExportResponse>([&] { return sync_->Export(call_, {}); });
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].tasks(0).id(), "exported");
  v1::WatchRequest watch;
  watch.set_if_none_match("\"1-2-3\"");
  const auto heads = ReadAll<v1::WatchResponse>([&] { return sync_->Watch(call_, watch); });
  ASSERT_EQ(heads.size(), 1u);
  EXPECT_EQ(heads[0].etag(), "after \"1-2-3\"");
}

TEST_F(GrpcBackendTest, EachCallReachesItsMethod) {
  v1::SyncRequest sync;
  sync.set_last_sync(1);
  EXPECT_EQ(Run<v1::SyncResponse>([&] { return sync_->Sync(call_, sync); })->server_time(), 2);
  v1::RegisterRequest registering;
  registering.set_email("a@b.c");
  EXPECT_EQ(
      Run<v1::RegisterResponse>([&] { return auth_->Register(call_, registering); })->tokens().user_id(),
      "a@b.c");
  v1::RefreshRequest refresh;
  refresh.set_refresh_token("r");
  EXPECT_EQ(
      Run<v1::RefreshResponse>([&] { return auth_->Refresh(call_, refresh); })->tokens().refresh_token(),
      "r+");
  EXPECT_EQ(ErrorInfoOf(Run<v1::LogoutResponse>([&] { return auth_->Logout(call_, {}); }).status()).code,
            Code::kInvalidToken);
  EXPECT_EQ(Run<v1::GetJwksResponse>([&] { return auth_->GetJwks(call_); })->keys(0).kid(), "k1");
}

TEST_F(GrpcBackendTest, ASignedInCallReachesItsRpcWithItsToken) {
  call_.authorization = "Bearer a.b.c";
  v1::ChangePasswordRequest change;
  change.set_new_password("new");
  const absl::Status weak =
      Run<v1::ChangePasswordResponse>([&] { return auth_->ChangePassword(call_, change); }).status();
  EXPECT_EQ(weak.message(), "new");
  EXPECT_EQ(auth_service_.metadata["authorization"], "Bearer a.b.c");
  EXPECT_EQ(Run<v1::ListSessionsResponse>([&] { return auth_->ListSessions(call_); })->sessions(0).id(),
            "s1");
  v1::RevokeSessionRequest revoke;
  revoke.set_id("s2");
  EXPECT_EQ(
      Run<v1::RevokeSessionResponse>([&] { return auth_->RevokeSession(call_, revoke); }).status().message(),
      "s2");
  v1::DeleteAccountRequest deletion;
  deletion.set_password("secret");
  const absl::Status refused =
      Run<v1::DeleteAccountResponse>([&] { return auth_->DeleteAccount(call_, deletion); }).status();
  EXPECT_EQ(ErrorInfoOf(refused).code, Code::kBadCredentials);
  EXPECT_EQ(refused.message(), "secret");
}

TEST_F(GrpcBackendTest, AServiceThatIsAwayIsUnavailableAtOnce) {
  server_->Shutdown();
  EXPECT_EQ(ErrorInfoOf(Run<v1::SyncResponse>([&] { return sync_->Sync(call_, {}); }).status()).code,
            Code::kUnavailable);
  ReadAll<v1::SyncV1Response>([&] { return sync_->SyncV1(call_, {}); });
  EXPECT_EQ(ErrorInfoOf(end_).code, Code::kUnavailable);
}

}  // namespace
}  // namespace tidemark::gateway
