// The gateway's routes in front of fake services, for tests.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/async/event_loops.h"
#include "common/clock/clock.h"
#include "common/status/error.h"
#include "gateway/backend/auth_backend.h"
#include "gateway/backend/sync_backend.h"
#include "gateway/http/dispatcher.h"
#include "gateway/routes/auth.h"
#include "gateway/routes/devices.h"
#include "gateway/routes/export.h"
#include "gateway/routes/fake_stream.h"
#include "gateway/routes/health.h"
#include "gateway/routes/history.h"
#include "gateway/routes/jwks.h"
#include "gateway/routes/sync.h"
#include "gateway/routes/sync_v1.h"
#include "gateway/routes/usage.h"
#include "gateway/routes/web.h"

namespace tidemark::gateway {

// Remembers what it was asked, and answers what it was told to.
template <typename Request, typename Response>
struct FakeCall {
  Task<absl::StatusOr<Response>> operator()(rpc::ClientCall& call, Request request) {
    asked.push_back(std::move(request));
    authorization = call.authorization;
    call.trailers = trailers;
    co_return answer;
  }

  std::vector<Request> asked;
  std::string authorization;
  std::map<std::string, std::string> trailers;
  absl::StatusOr<Response> answer = Response();
};

struct FakeSync : SyncBackend {
  Task<absl::StatusOr<v1::CheckResponse>> Check(rpc::ClientCall& call, v1::CheckRequest request) override {
    return check(call, std::move(request));
  }
  Task<absl::StatusOr<v1::SyncResponse>> Sync(rpc::ClientCall& call, v1::SyncRequest request) override {
    return sync(call, std::move(request));
  }
  Task<absl::StatusOr<v1::GetHistoryResponse>> GetHistory(rpc::ClientCall& call,
                                                          v1::GetHistoryRequest request) override {
    return get_history(call, std::move(request));
  }
  Task<absl::StatusOr<v1::ListDevicesResponse>> ListDevices(rpc::ClientCall& call) override {
    return list_devices(call, v1::ListDevicesRequest());
  }
  Task<absl::StatusOr<v1::GetUsageResponse>> GetUsage(rpc::ClientCall& call) override {
    return get_usage(call, v1::GetUsageRequest());
  }
  std::unique_ptr<rpc::StreamReader<v1::SyncV1Response>> SyncV1(const rpc::ClientCall& call,
                                                                v1::SyncV1Request request) override {
    return sync_v1(call, std::move(request));
  }
  std::unique_ptr<rpc::StreamReader<v1::ExportResponse>> Export(const rpc::ClientCall& call,
                                                                v1::ExportRequest request) override {
    return exporting(call, request);
  }
  std::unique_ptr<rpc::StreamReader<v1::WatchResponse>> Watch(const rpc::ClientCall& call,
                                                              v1::WatchRequest request) override {
    return watch(call, std::move(request));
  }

  FakeCall<v1::CheckRequest, v1::CheckResponse> check;
  FakeCall<v1::SyncRequest, v1::SyncResponse> sync;
  FakeStreamCall<v1::SyncV1Request, v1::SyncV1Response> sync_v1;
  FakeStreamCall<v1::ExportRequest, v1::ExportResponse> exporting;
  FakeStreamCall<v1::WatchRequest, v1::WatchResponse> watch;
  FakeCall<v1::GetHistoryRequest, v1::GetHistoryResponse> get_history;
  FakeCall<v1::ListDevicesRequest, v1::ListDevicesResponse> list_devices;
  FakeCall<v1::GetUsageRequest, v1::GetUsageResponse> get_usage;
};

struct FakeAuth : AuthBackend {
  Task<absl::StatusOr<v1::RegisterResponse>> Register(rpc::ClientCall& call,
                                                      v1::RegisterRequest request) override {
    return registering(call, std::move(request));
  }
  Task<absl::StatusOr<v1::LoginResponse>> Login(rpc::ClientCall& call, v1::LoginRequest request) override {
    return login(call, std::move(request));
  }
  Task<absl::StatusOr<v1::RefreshResponse>> Refresh(rpc::ClientCall& call,
                                                    v1::RefreshRequest request) override {
    return refresh(call, std::move(request));
  }
  Task<absl::StatusOr<v1::LogoutResponse>> Logout(rpc::ClientCall& call, v1::LogoutRequest request) override {
    return logout(call, std::move(request));
  }
  Task<absl::StatusOr<v1::GetJwksResponse>> GetJwks(rpc::ClientCall& call) override {
    return jwks(call, v1::GetJwksRequest());
  }
  Task<absl::StatusOr<v1::ChangePasswordResponse>> ChangePassword(
      rpc::ClientCall& call, v1::ChangePasswordRequest request) override {
    return change_password(call, std::move(request));
  }
  Task<absl::StatusOr<v1::ListSessionsResponse>> ListSessions(rpc::ClientCall& call) override {
    return list_sessions(call, v1::ListSessionsRequest());
  }
  Task<absl::StatusOr<v1::RevokeSessionResponse>> RevokeSession(rpc::ClientCall& call,
                                                                v1::RevokeSessionRequest request) override {
    return revoke_session(call, std::move(request));
  }
  Task<absl::StatusOr<v1::DeleteAccountResponse>> DeleteAccount(rpc::ClientCall& call,
                                                                v1::DeleteAccountRequest request) override {
    return delete_account(call, std::move(request));
  }

  FakeCall<v1::RegisterRequest, v1::RegisterResponse> registering;
  FakeCall<v1::LoginRequest, v1::LoginResponse> login;
  FakeCall<v1::RefreshRequest, v1::RefreshResponse> refresh;
  FakeCall<v1::LogoutRequest, v1::LogoutResponse> logout;
  FakeCall<v1::GetJwksRequest, v1::GetJwksResponse> jwks;
  FakeCall<v1::ChangePasswordRequest, v1::ChangePasswordResponse> change_password;
  FakeCall<v1::ListSessionsRequest, v1::ListSessionsResponse> list_sessions;
  FakeCall<v1::RevokeSessionRequest, v1::RevokeSessionResponse> revoke_session;
  FakeCall<v1::DeleteAccountRequest, v1::DeleteAccountResponse> delete_account;
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct CollectingWriter : http::BodyWriter {
  Task<absl::Status> Write(std::string piece) override {
    text += piece;
    co_return absl::OkStatus();
  }
  void WhenGone(std::function<void()>) override {}
  void WhenDraining(std::function<void()>) override {}

  std::string text;
};

class GatewayTest : public testing::Test {
 protected:
  GatewayTest() {
    AddHealthRoutes(router_, readiness_);
    AddAuthRoutes(router_, auth_);
    AddJwksRoutes(router_, auth_);
    AddSyncRoutes(router_, sync_);
    AddSyncV1Routes(router_, sync_);
    AddHistoryRoutes(router_, sync_);
    AddDevicesRoutes(router_, sync_);
    AddExportRoutes(router_, sync_, clock_);
  }

  // A streamed body is collected into the response's; how it ended is left in stream_status_.
  http::Response Send(http::Request request) {
    if (!dispatcher_) dispatcher_.emplace(router_, registry_, DispatcherOptions());
    return RunBlocking<http::Response>(loops_.Next(), [&]() -> Task<http::Response> {
      http::Response response = co_await dispatcher_->Handle(request);
      CollectingWriter body;
      if (response.stream != nullptr) stream_status_ = co_await response.stream(body);
      response.body += body.text;
      response.stream = nullptr;
      co_return response;
    });
  }

  http::Response Send(std::string method, std::string path, std::string body = "",
                      const HeaderList& headers = {}) {
    http::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    for (const auto& [name, value] : headers) request.headers.Append(name, value);
    return Send(std::move(request));
  }

  ManualClock clock_{UnixMillis{1'735'689'600'000}};
  absl::Status stream_status_;
  Readiness readiness_;
  FakeSync sync_;
  FakeAuth auth_;
  Router router_;
  metrics::Registry registry_;
  std::optional<Dispatcher> dispatcher_;
  EventLoops loops_{1};
};

// The same behind a real socket. The routes are complete once Serve is called.
class ServedGatewayTest : public GatewayTest {
 protected:
  void Serve(DispatcherOptions dispatching = {}) {
    dispatcher_.emplace(router_, registry_, dispatching);
    http::ServerOptions options;
    options.address = "127.0.0.1:0";
    options.on_error = [this](int status, std::string_view detail) {
      return dispatcher_->HandleError(status, detail);
    };
    server_ = std::make_unique<http::Server>(
        loops_, options, [this](http::Request request) { return dispatcher_->Handle(std::move(request)); });
    ASSERT_TRUE(server_->Start().ok());
  }

  std::unique_ptr<http::Server> server_;
};

// The header's value, or "<none>".
inline std::string Header(const http::Response& response, std::string_view name) {
  return std::string(response.headers.Get(name).value_or("<none>"));
}

}  // namespace tidemark::gateway
