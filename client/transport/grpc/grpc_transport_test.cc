#include "client/transport/grpc/grpc_transport.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "client/transport/tells_code.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "tidemark/v1/auth.grpc.pb.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::client {
namespace {

class SyncServer final : public v1::SyncService::Service {
 public:
  grpc::Status Check(grpc::ServerContext* context, const v1::CheckRequest* request,
                     v1::CheckResponse* response) override {
    context->AddTrailingMetadata("ratelimit", R"("check";r=59;t=60)");
    context->AddTrailingMetadata("ratelimit-policy", R"("check";q=60;w=3600)");
    const auto token = context->client_metadata().find("authorization");
    if (token == context->client_metadata().end()) {
      return rpc::ToGrpc(Error(Code::kMissingToken, "no token"));
    }
    if (token->second != "Bearer good") {
      return rpc::ToGrpc(Error(Code::kRateLimited, "slowly", {.retry_after = absl::Seconds(90)}));
    }
    response->set_etag("\"1-2-3\"");
    response->set_not_modified(request->if_none_match() == response->etag());
    return grpc::Status::OK;
  }

  // Answers nothing until it is left.
  grpc::Status Sync(grpc::ServerContext* context, const v1::SyncRequest*, v1::SyncResponse*) override {
    reached.set_value();
    while (!context->IsCancelled()) std::this_thread::yield();
    return grpc::Status::CANCELLED;
  }

  grpc::Status Watch(grpc::ServerContext*, const v1::WatchRequest*,
                     grpc::ServerWriter<v1::WatchResponse>* writer) override {
    v1::WatchResponse head;
    for (const char* etag : {"\"1\"", "\"2\""}) {
      head.set_etag(etag);
      writer->Write(head);
    }
    return rpc::ToGrpc(Error(Code::kExpiredToken, "over"));
  }

  grpc::Status GetUsage(grpc::ServerContext*, const v1::GetUsageRequest*, v1::GetUsageResponse*) override {
    // As a proxy on the way might.
    return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "log in to the hotel's network");
  }

  std::promise<void> reached;
};

class AuthServer final : public v1::AuthService::Service {
 public:
  grpc::Status Login(grpc::ServerContext*, const v1::LoginRequest* request,
                     v1::LoginResponse* response) override {
    if (request->password() != "right") return rpc::ToGrpc(Error(Code::kBadCredentials, "no"));
    response->mutable_tokens()->set_user_id("u1");
    response->mutable_tokens()->set_access_token(request->has_device_id() ? request->device_id() : "none");
    response->mutable_tokens()->set_expires_in(900);
    return grpc::Status::OK;
  }
};

class GrpcTransportTest : public testing::Test {
 protected:
  GrpcTransportTest() { Serve(); }

  void Serve() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port_), grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&sync_);
    builder.RegisterService(&auth_);
    server_ = builder.BuildAndStart();
  }

  std::unique_ptr<SyncTransport> NewTransport() {
    auto transport = NewGrpcTransport({.address = "127.0.0.1:" + std::to_string(port_)});
    EXPECT_TRUE(transport.ok()) << transport.status();
    return *std::move(transport);
  }

  SyncServer sync_;
  AuthServer auth_;
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  const Call kGood{.access_token = "good"};
};

TEST_F(GrpcTransportTest, AnAnswerComesWithWhatIsLeftOfTheBucket) {
  const auto transport = NewTransport();
  const Reply<CheckAnswer> reply = transport->Check(kGood, {.device = DeviceId("d"), .etag = "\"1-2-3\""});
  ASSERT_TRUE(reply.answer.ok()) << reply.answer.status();
  EXPECT_TRUE(reply.answer->not_modified);
  ASSERT_TRUE(reply.limit);
  EXPECT_EQ(reply.limit->policy, "check");
  EXPECT_EQ(reply.limit->remaining, 59);
}

TEST_F(GrpcTransportTest, AnErrorKeepsItsCodeAndItsWait) {
  const auto transport = NewTransport();
  const Reply<CheckAnswer> limited = transport->Check({.access_token = "other"}, {});
  EXPECT_EQ(ErrorInfoOf(limited.answer.status()).code, Code::kRateLimited);
  EXPECT_EQ(ErrorInfoOf(limited.answer.status()).details.retry_after, absl::Seconds(90));
  EXPECT_TRUE(limited.limit);
  EXPECT_EQ(ErrorInfoOf(transport->Check({}, {}).answer.status()).code, Code::kMissingToken);
}

TEST_F(GrpcTransportTest, WhatIsNotTidemarksErrorIsNoNetwork) {
  const absl::Status status = NewTransport()->GetUsage(kGood).status();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_FALSE(TellsCode(status));
}

TEST_F(GrpcTransportTest, AnAnswerThatIsLateIsNoNetwork) {
  const Reply<Page> reply =
      NewTransport()->Sync({.access_token = "good", .timeout = absl::Milliseconds(50)}, {});
  EXPECT_TRUE(absl::IsUnavailable(reply.answer.status()));
  EXPECT_FALSE(TellsCode(reply.answer.status()));
}

TEST_F(GrpcTransportTest, ACancelledCallReturns) {
  const auto transport = NewTransport();
  Cancellation cancellation;
  std::thread cancels([&] {
    sync_.reached.get_future().wait();
    cancellation.Cancel();
  });
  const Reply<Page> reply = transport->Sync({.access_token = "good", .cancellation = &cancellation}, {});
  cancels.join();
  EXPECT_TRUE(absl::IsCancelled(reply.answer.status()));
  EXPECT_TRUE(absl::IsCancelled(
      transport->Check({.access_token = "good", .cancellation = &cancellation}, {}).answer.status()));
}

TEST_F(GrpcTransportTest, AStreamTellsEachHeadAndWhyItEnded) {
  std::vector<std::string> heads;
  const absl::Status ended =
      NewTransport()->Watch(kGood, [&](const std::string& etag) { heads.push_back(etag); });
  EXPECT_EQ(heads, std::vector<std::string>({"\"1\"", "\"2\""}));
  EXPECT_EQ(ErrorInfoOf(ended).code, Code::kExpiredToken);
}

TEST_F(GrpcTransportTest, ALoginNamesTheDeviceIfItHasAName) {
  const auto transport = NewTransport();
  const Credentials ada{.email = "ada@example.org", .password = "right"};
  EXPECT_EQ(transport->Login({}, ada, DeviceId())->access_token, "none");
  EXPECT_EQ(transport->Login({}, ada, DeviceId("phone"))->access_token, "phone");
  EXPECT_EQ(ErrorInfoOf(transport->Login({}, {.email = "a", .password = "wrong"}, DeviceId()).status()).code,
            Code::kBadCredentials);
}

TEST_F(GrpcTransportTest, AServerThatWasAwayIsFoundByTheNextCall) {
  const auto transport = NewTransport();
  server_->Shutdown();
  server_.reset();
  EXPECT_TRUE(absl::IsUnavailable(transport->Check(kGood, {}).answer.status()));
  EXPECT_TRUE(absl::IsUnavailable(transport->Check(kGood, {}).answer.status()));
  Serve();
  EXPECT_TRUE(transport->Check(kGood, {}).answer.ok());
}

TEST_F(GrpcTransportTest, AServiceThatIsNotTheOneAskedForIsNamed) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&auth_);
  const auto auth_alone = builder.BuildAndStart();
  const auto transport = NewGrpcTransport({.address = "127.0.0.1:" + std::to_string(port)});
  const absl::Status status = (*transport)->Check(kGood, {}).answer.status();
  EXPECT_TRUE(absl::IsUnimplemented(status)) << status;
  EXPECT_FALSE(TellsCode(status));
  EXPECT_NE(status.message().find("sync service"), std::string::npos) << status;
}

TEST_F(GrpcTransportTest, WhoDoesNotListenIsSaid) {
  const auto transport = NewGrpcTransport({.address = "127.0.0.1:1"});
  const absl::Status status = (*transport)->Check(kGood, {}).answer.status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_NE(status.message().find("nobody listens at 127.0.0.1:1"), std::string::npos) << status;
}

TEST(GrpcTransport, AFileOfAuthoritiesIsLookedAtAlsoWhereItIsNotNeeded) {
  EXPECT_TRUE(absl::IsNotFound(NewGrpcTransport({.address = "host:1", .ca_file = "/no/such.pem"}).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      NewGrpcTransport({.address = "host:1", .ca_file = "/proc/self/comm"}).status()));
}

TEST(GrpcTransport, AnAddressThatCannotBeIsRefusedAtOnce) {
  for (const char* address : {"", "host", "ftp://host:1", "http://", "https:///", "http://host:1/path",
                              "host:0", "host:99999", "host:http", ":1", "host:1 ", "a:1,b:2", "::1"}) {
    EXPECT_EQ(NewGrpcTransport({.address = address}).status().code(), absl::StatusCode::kInvalidArgument)
        << address;
  }
  EXPECT_EQ(NewGrpcTransport({.address = "https://host", .ca_file = "/no/such.pem"}).status().code(),
            absl::StatusCode::kNotFound);
  for (const char* address : {"host:1", "http://host:1/", "https://host", "[::1]:5", "https://[::1]"}) {
    EXPECT_TRUE(NewGrpcTransport({.address = address}).ok()) << address;
  }
}

}  // namespace
}  // namespace tidemark::client
