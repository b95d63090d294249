#include "client/transport/grpc/grpc_transport.h"

#include <grpcpp/grpcpp.h>

#include <chrono>
#include <utility>

#include "client/transport/grpc/channel.h"
#include "client/transport/grpc/convert.h"
#include "client/transport/grpc/rate_limit.h"
#include "client/transport/grpc/unreached.h"
#include "client/transport/tells_code.h"
#include "common/mutex/mutex.h"
#include "common/rpc/metadata.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "tidemark/v1/auth.grpc.pb.h"
#include "tidemark/v1/sync.grpc.pb.h"

namespace tidemark::client {
namespace {

// One gRPC call and its cancellation.
class PendingCall {
 public:
  explicit PendingCall(const Call& call)
      : cancellation_(call.cancellation), on_cancel_(call.cancellation, [this] { context_.TryCancel(); }) {
    if (!call.access_token.empty()) {
      context_.AddMetadata("authorization", "Bearer " + rpc::MetadataValue(call.access_token));
    }
  }

  void SetTimeout(absl::Duration timeout) {
    context_.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(timeout));
  }
  grpc::ClientContext* context() { return &context_; }

  absl::Status StatusOf(const grpc::Status& status, const Peer& peer) const {
    if (status.ok()) return absl::OkStatus();
    if (cancellation_ != nullptr && cancellation_->cancelled()) return absl::CancelledError();
    absl::Status error = rpc::FromGrpc(status);
    const bool is_ours = TellsCode(error) && status.error_code() != grpc::StatusCode::UNIMPLEMENTED;
    // Otherwise made on the way, whatever it is called there: too late, cut, or by somebody who is not this
    // service of Tidemark.
    return is_ours ? error : Unreached(status, peer);
  }

  // What the answer said of the caller's bucket: of a stream ahead of its first part, otherwise at its end.
  std::optional<LimitTold> FindLimit() const {
    std::optional<LimitTold> at_the_end = FindIn(context_.GetServerTrailingMetadata());
    return at_the_end ? at_the_end : FindIn(context_.GetServerInitialMetadata());
  }

 private:
  static std::optional<LimitTold> FindIn(const std::multimap<grpc::string_ref, grpc::string_ref>& metadata) {
    const auto limit = metadata.find("ratelimit");
    const auto policy = metadata.find("ratelimit-policy");
    if (limit == metadata.end() || policy == metadata.end()) return std::nullopt;
    return ParseRateLimit({limit->second.data(), limit->second.size()},
                          {policy->second.data(), policy->second.size()});
  }

  grpc::ClientContext context_;
  Cancellation* const cancellation_;
  // Last, so that it is destroyed first.
  const Cancellation::OnCancel on_cancel_;
};

// The connection to one of the two services.
template <typename Service>
class Endpoint {
 public:
  using Stub = typename Service::Stub;

  Endpoint(Peer peer, std::string ca_file) : peer_(std::move(peer)), ca_file_(std::move(ca_file)) {}

  const Peer& peer() const { return peer_; }

  absl::Status Open() {
    auto stub = Find();
    return stub.status();
  }

  absl::StatusOr<std::shared_ptr<Stub>> Find() {
    MutexLock lock(&mutex_);
    if (stub_ == nullptr) {
      absl::StatusOr<std::shared_ptr<grpc::Channel>> channel = NewChannel(peer_.address, ca_file_);
      if (!channel.ok()) return channel.status();
      stub_ = Service::NewStub(*channel);
    }
    return stub_;
  }

  // Nobody answered on `stub`. Calls that are still under way on it go on.
  void Drop(const std::shared_ptr<Stub>& stub) {
    MutexLock lock(&mutex_);
    if (stub_ == stub) stub_ = nullptr;
  }

 private:
  const Peer peer_;
  const std::string ca_file_;
  Mutex mutex_;
  std::shared_ptr<Stub> stub_ ABSL_GUARDED_BY(mutex_);
};

bool FoundNobody(const absl::Status& status) {
  return (absl::IsUnavailable(status) || absl::IsUnimplemented(status)) && !TellsCode(status);
}

template <typename Service, typename Request, typename Response>
using Method = grpc::Status (Service::Stub::*)(grpc::ClientContext*, const Request&, Response*);

template <typename Service, typename Request, typename Response>
Reply<Response> Ask(Endpoint<Service>& endpoint, const Call& call, Method<Service, Request, Response> method,
                    const Request& request) {
  auto stub = endpoint.Find();
  if (!stub.ok()) return {stub.status(), std::nullopt};
  PendingCall pending(call);
  pending.SetTimeout(call.timeout);
  Response response;
  absl::Status status =
      pending.StatusOf(((**stub).*method)(pending.context(), request, &response), endpoint.peer());
  if (FoundNobody(status)) endpoint.Drop(*stub);
  if (!status.ok()) return {std::move(status), pending.FindLimit()};
  return {std::move(response), pending.FindLimit()};
}

// The answer in the client's types.
template <typename T, typename Message, typename Convert>
absl::StatusOr<T> Map(absl::StatusOr<Message> message, Convert convert) {
  if (!message.ok()) return message.status();
  return convert(*message);
}

template <typename T, typename Message>
absl::StatusOr<T> Converted(absl::StatusOr<Message> message) {
  return Map<T>(std::move(message), [](const Message& told) { return FromProto(told); });
}

class GrpcTransport final : public SyncTransport {
 public:
  explicit GrpcTransport(const GrpcOptions& options)
      : sync_({.service = "sync service", .address = options.address}, options.ca_file),
        auth_({.service = "auth service",
               .address = options.auth_address.empty() ? options.address : options.auth_address},
              options.ca_file) {}

  absl::Status Open() {
    absl::Status opened = sync_.Open();
    return opened.ok() ? auth_.Open() : opened;
  }

  Reply<CheckAnswer> Check(const Call& call, const CheckAsk& ask) override {
    auto reply = Ask<v1::SyncService>(sync_, call, &v1::SyncService::Stub::Check, ToProto(ask));
    return {Converted<CheckAnswer>(std::move(reply.answer)), reply.limit};
  }

  Reply<Page> Sync(const Call& call, const SyncAsk& ask) override {
    auto reply = Ask<v1::SyncService>(sync_, call, &v1::SyncService::Stub::Sync, ToProto(ask));
    return {Converted<Page>(std::move(reply.answer)), reply.limit};
  }

  Reply<V1Page> SyncV1(const Call& call, const V1Ask& ask) override {
    V1Page page;
    std::optional<LimitTold> limit;
    PendingCall pending(call);
    pending.SetTimeout(call.timeout);
    absl::Status status = Read<v1::SyncV1Response>(
        pending, [&](v1::SyncService::Stub& stub) { return stub.SyncV1(pending.context(), ToProto(ask)); },
        [&](const v1::SyncV1Response& part) { AddPart(part, page); });
    if (!status.ok()) return {std::move(status), pending.FindLimit()};
    return {std::move(page), pending.FindLimit()};
  }

  absl::Status Watch(const Call& call, absl::FunctionRef<void(const std::string&)> on_head) override {
    PendingCall pending(call);
    return Read<v1::WatchResponse>(
        pending,
        [&](v1::SyncService::Stub& stub) { return stub.Watch(pending.context(), v1::WatchRequest()); },
        [&](const v1::WatchResponse& head) { on_head(head.etag()); });
  }

  absl::StatusOr<std::vector<HistoryEntry>> History(const Call& call, const TaskId& id) override {
    v1::GetHistoryRequest request;
    request.set_id(id.value());
    return Converted<std::vector<HistoryEntry>>(
        Ask<v1::SyncService>(sync_, call, &v1::SyncService::Stub::GetHistory, request).answer);
  }

  absl::StatusOr<std::vector<DeviceStatus>> Devices(const Call& call) override {
    return Converted<std::vector<DeviceStatus>>(
        Ask<v1::SyncService>(sync_, call, &v1::SyncService::Stub::ListDevices, v1::ListDevicesRequest())
            .answer);
  }

  absl::StatusOr<Usage> GetUsage(const Call& call) override {
    return Converted<Usage>(
        Ask<v1::SyncService>(sync_, call, &v1::SyncService::Stub::GetUsage, v1::GetUsageRequest()).answer);
  }

  absl::StatusOr<Tokens> Register(const Call& call, const Credentials& who, const DeviceId& device) override {
    return Enter(call, &v1::AuthService::Stub::Register, v1::RegisterRequest(), who, device);
  }

  absl::StatusOr<Tokens> Login(const Call& call, const Credentials& who, const DeviceId& device) override {
    return Enter(call, &v1::AuthService::Stub::Login, v1::LoginRequest(), who, device);
  }

  absl::StatusOr<Tokens> Refresh(const Call& call, const std::string& refresh_token) override {
    v1::RefreshRequest request;
    request.set_refresh_token(refresh_token);
    return TokensOf(Ask<v1::AuthService>(auth_, call, &v1::AuthService::Stub::Refresh, request));
  }

  absl::Status Logout(const Call& call, const std::string& refresh_token) override {
    v1::LogoutRequest request;
    request.set_refresh_token(refresh_token);
    return Ask<v1::AuthService>(auth_, call, &v1::AuthService::Stub::Logout, request).answer.status();
  }

  absl::Status ChangePassword(const Call& call, const std::string& current_password,
                              const std::string& new_password) override {
    v1::ChangePasswordRequest request;
    request.set_current_password(current_password);
    request.set_new_password(new_password);
    return Ask<v1::AuthService>(auth_, call, &v1::AuthService::Stub::ChangePassword, request).answer.status();
  }

  absl::StatusOr<std::vector<SessionInfo>> Sessions(const Call& call) override {
    return Converted<std::vector<SessionInfo>>(
        Ask<v1::AuthService>(auth_, call, &v1::AuthService::Stub::ListSessions, v1::ListSessionsRequest())
            .answer);
  }

  absl::Status RevokeSession(const Call& call, const SessionId& session) override {
    v1::RevokeSessionRequest request;
    request.set_id(session.value());
    return Ask<v1::AuthService>(auth_, call, &v1::AuthService::Stub::RevokeSession, request).answer.status();
  }

  absl::Status DeleteAccount(const Call& call, const std::string& password) override {
    v1::DeleteAccountRequest request;
    request.set_password(password);
    return Ask<v1::AuthService>(auth_, call, &v1::AuthService::Stub::DeleteAccount, request).answer.status();
  }

 private:
  // A stream to its end.
  template <typename Message, typename Start, typename Take>
  absl::Status Read(PendingCall& pending, Start start, Take take) {
    auto stub = sync_.Find();
    if (!stub.ok()) return stub.status();
    const std::unique_ptr<grpc::ClientReader<Message>> reader = start(**stub);
    Message message;
    while (reader->Read(&message)) take(message);
    absl::Status status = pending.StatusOf(reader->Finish(), sync_.peer());
    if (FoundNobody(status)) sync_.Drop(*stub);
    return status;
  }

  template <typename Request, typename Response>
  absl::StatusOr<Tokens> Enter(const Call& call, Method<v1::AuthService, Request, Response> method,
                               Request request, const Credentials& who, const DeviceId& device) {
    request.set_email(who.email);
    request.set_password(who.password);
    if (!device.empty()) request.set_device_id(device.value());
    return TokensOf(Ask<v1::AuthService>(auth_, call, method, request));
  }

  template <typename Response>
  static absl::StatusOr<Tokens> TokensOf(Reply<Response> reply) {
    return Map<Tokens>(std::move(reply.answer),
                       [](const Response& told) { return FromProto(told.tokens()); });
  }

  Endpoint<v1::SyncService> sync_;
  Endpoint<v1::AuthService> auth_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<SyncTransport>> NewGrpcTransport(GrpcOptions options) {
  auto transport = std::make_unique<GrpcTransport>(options);
  if (absl::Status opened = transport->Open(); !opened.ok()) return opened;
  return transport;
}

}  // namespace tidemark::client
