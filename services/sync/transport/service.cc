#include "services/sync/transport/service.h"

#include <string>
#include <utility>

#include "common/rpc/handler_stream.h"
#include "services/sync/domain/etag.h"
#include "services/sync/engine/validate.h"
#include "services/sync/transport/convert.h"

namespace tidemark::sync {
namespace {

std::optional<std::string> IfNoneMatch(const auto& request) {
  if (!request.has_if_none_match()) return std::nullopt;
  return request.if_none_match();
}

void SendLimit(const Call& call, rpc::ServerCall& incoming) {
  if (!call.limit) return;
  const auto& [ask, decision] = *call.limit;
  incoming.trailers[std::string(rpc::kRateLimit)] = ratelimit::RateLimitHeader(ask, decision);
  incoming.trailers[std::string(rpc::kRateLimitPolicy)] = ratelimit::RateLimitPolicyHeader(ask, decision);
}

// Takes the parts of a stream's answer. What the limiter said goes ahead of the first one.
template <typename Message>
auto PartWriter(const Call& call, rpc::ServerCall& incoming, rpc::StreamWriter<Message>& writer) {
  return [&call, &incoming, &writer](const auto& part) {
    SendLimit(call, incoming);
    return writer.Write(ToProto(part));
  };
}

}  // namespace

Task<absl::Status> Service::AsUser(rpc::ServerCall& incoming, Body body) {
  absl::StatusOr<auth::Identity> caller = co_await verifier_.Verify(incoming.authorization, incoming.origin);
  if (!caller.ok()) co_return caller.status();
  Call call{.user = std::move(caller->user),
            .session = std::move(caller->session),
            .origin = incoming.origin,
            .token_expires_at = caller->expires_at,
            .limit = std::nullopt};
  absl::Status status = co_await body(call);
  SendLimit(call, incoming);
  co_return status;
}

void Service::CarryBy(rpc::CarrierServer& carrier) {
  const auto add = [&carrier, this]<typename Request, typename Response>(
                       const char* rpc,
                       Task<absl::Status> (Service::*as)(rpc::ServerCall&, const Request&, Response&)) {
    carrier.Add<Request, Response>(
        std::string("/tidemark.v1.SyncService/") + rpc,
        [this, as](rpc::ServerCall& call, const Request& request, Response& response) {
          return (this->*as)(call, request, response);
        });
  };
  add("Check", &Service::CheckAs);
  add("Sync", &Service::SyncAs);
  add("GetHistory", &Service::GetHistoryAs);
  add("ListDevices", &Service::ListDevicesAs);
  add("GetUsage", &Service::GetUsageAs);
}

grpc::ServerUnaryReactor* Service::Check(grpc::CallbackServerContext* context,
                                         const v1::CheckRequest* request, v1::CheckResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, request, response](rpc::ServerCall& incoming) {
    return CheckAs(incoming, *request, *response);
  });
}

Task<absl::Status> Service::CheckAs(rpc::ServerCall& incoming, const v1::CheckRequest& request,
                                    v1::CheckResponse& response) {
  return AsUser(incoming,
                [this, &request, &response](Call& call) { return AnswerCheck(call, request, response); });
}

Task<absl::Status> Service::AnswerCheck(Call& call, const v1::CheckRequest& request,
                                        v1::CheckResponse& response) {
  if (absl::Status valid = ValidateDevice(DeviceId(request.device_id())); !valid.ok()) co_return valid;
  const absl::StatusOr<CheckAnswer> answer =
      co_await engine_.Check(call, IfNoneMatch(request), Wildcard::kMatches, DeviceId(request.device_id()));
  if (!answer.ok()) co_return answer.status();
  response.set_not_modified(answer->not_modified);
  response.set_etag(FormatEtag(answer->head));
  co_return absl::OkStatus();
}

grpc::ServerUnaryReactor* Service::Sync(grpc::CallbackServerContext* context, const v1::SyncRequest* request,
                                        v1::SyncResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, request, response](rpc::ServerCall& incoming) {
    return SyncAs(incoming, *request, *response);
  });
}

Task<absl::Status> Service::SyncAs(rpc::ServerCall& incoming, const v1::SyncRequest& request,
                                   v1::SyncResponse& response) {
  return AsUser(incoming, [this, &request, &response](Call& call) {
    return IsCheck(request) ? AnswerEmptySync(call, request, response) : AnswerSync(call, request, response);
  });
}

Task<absl::Status> Service::AnswerSync(Call& call, const v1::SyncRequest& request,
                                       v1::SyncResponse& response) {
  absl::StatusOr<SyncAnswer> answer = co_await engine_.Sync(call, FromProto(request));
  if (!answer.ok()) co_return answer.status();
  response = ToProto(*std::move(answer));
  co_return absl::OkStatus();
}

Task<absl::Status> Service::AnswerEmptySync(Call& call, const v1::SyncRequest& request,
                                            v1::SyncResponse& response) {
  const absl::StatusOr<CheckAnswer> answer =
      co_await engine_.Check(call, IfNoneMatch(request), Wildcard::kNever, DeviceId());
  if (!answer.ok()) co_return answer.status();
  response.set_not_modified(answer->not_modified);
  response.set_etag(FormatEtag(answer->head));
  response.set_epoch(answer->epoch.value());
  response.set_next_sync_in(answer->next_sync_in);
  co_return absl::OkStatus();
}

grpc::ServerUnaryReactor* Service::GetHistory(grpc::CallbackServerContext* context,
                                              const v1::GetHistoryRequest* request,
                                              v1::GetHistoryResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, request, response](rpc::ServerCall& incoming) {
    return GetHistoryAs(incoming, *request, *response);
  });
}

Task<absl::Status> Service::GetHistoryAs(rpc::ServerCall& incoming, const v1::GetHistoryRequest& request,
                                         v1::GetHistoryResponse& response) {
  return AsUser(incoming,
                [this, &request, &response](Call& call) { return AnswerHistory(call, request, response); });
}

Task<absl::Status> Service::AnswerHistory(Call& call, const v1::GetHistoryRequest& request,
                                          v1::GetHistoryResponse& response) {
  const absl::StatusOr<std::vector<HistoryEntry>> entries =
      co_await engine_.GetHistory(call, TaskId(request.id()));
  if (!entries.ok()) co_return entries.status();
  response.set_id(request.id());
  for (const HistoryEntry& entry : *entries) ToProto(entry, *response.add_history());
  co_return absl::OkStatus();
}

grpc::ServerUnaryReactor* Service::ListDevices(grpc::CallbackServerContext* context,
                                               const v1::ListDevicesRequest* request,
                                               v1::ListDevicesResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, request, response](rpc::ServerCall& incoming) {
    return ListDevicesAs(incoming, *request, *response);
  });
}

Task<absl::Status> Service::ListDevicesAs(rpc::ServerCall& incoming, const v1::ListDevicesRequest&,
                                          v1::ListDevicesResponse& response) {
  return AsUser(incoming, [this, &response](Call& call) { return AnswerDevices(call, response); });
}

Task<absl::Status> Service::AnswerDevices(Call& call, v1::ListDevicesResponse& response) {
  const absl::StatusOr<std::vector<DeviceStatus>> devices = co_await engine_.ListDevices(call);
  if (!devices.ok()) co_return devices.status();
  for (const DeviceStatus& device : *devices) ToProto(device, *response.add_devices());
  co_return absl::OkStatus();
}

grpc::ServerUnaryReactor* Service::GetUsage(grpc::CallbackServerContext* context,
                                            const v1::GetUsageRequest* request,
                                            v1::GetUsageResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, request, response](rpc::ServerCall& incoming) {
    return GetUsageAs(incoming, *request, *response);
  });
}

Task<absl::Status> Service::GetUsageAs(rpc::ServerCall& incoming, const v1::GetUsageRequest&,
                                       v1::GetUsageResponse& response) {
  return AsUser(incoming, [this, &response](Call& call) { return AnswerUsage(call, response); });
}

Task<absl::Status> Service::AnswerUsage(Call& call, v1::GetUsageResponse& response) {
  const absl::StatusOr<UsageAnswer> answer = co_await engine_.GetUsage(call);
  if (!answer.ok()) co_return answer.status();
  response = ToProto(*answer);
  co_return absl::OkStatus();
}

grpc::ServerWriteReactor<v1::SyncV1Response>* Service::SyncV1(grpc::CallbackServerContext* context,
                                                              const v1::SyncV1Request* request) {
  using Writer = rpc::StreamWriter<v1::SyncV1Response>;
  return rpc::HandleStream<v1::SyncV1Response>(
      loops_, context, [this, request](rpc::ServerCall& incoming, Writer& writer) {
        return AsUser(incoming, [this, request, &incoming, &writer](Call& call) {
          return engine_.SyncV1(call, FromProto(*request), PartWriter(call, incoming, writer));
        });
      });
}

grpc::ServerWriteReactor<v1::SyncResponse>* Service::Pull(grpc::CallbackServerContext* context,
                                                          const v1::PullRequest* request) {
  using Writer = rpc::StreamWriter<v1::SyncResponse>;
  return rpc::HandleStream<v1::SyncResponse>(
      loops_, context, [this, request](rpc::ServerCall& incoming, Writer& writer) {
        return AsUser(incoming, [this, request, &incoming, &writer](Call& call) {
          return engine_.PullAll(call, FromProto(*request), PartWriter(call, incoming, writer));
        });
      });
}

grpc::ServerWriteReactor<v1::WatchResponse>* Service::Watch(grpc::CallbackServerContext* context,
                                                            const v1::WatchRequest* request) {
  using Writer = rpc::StreamWriter<v1::WatchResponse>;
  return rpc::HandleStream<v1::WatchResponse>(
      loops_, context, [this, request](rpc::ServerCall& incoming, Writer& writer) {
        return AsUser(incoming, [this, request, &incoming, &writer](Call& call) {
          WatchSink sink{
              .send = PartWriter(call, incoming, writer),
              .when_gone = [&writer](std::function<void()> gone) { writer.WhenGone(std::move(gone)); }};
          return engine_.Watch(call, IfNoneMatch(*request), std::move(sink));
        });
      });
}

grpc::ServerWriteReactor<v1::ExportResponse>* Service::Export(grpc::CallbackServerContext* context,
                                                              const v1::ExportRequest*) {
  using Writer = rpc::StreamWriter<v1::ExportResponse>;
  return rpc::HandleStream<v1::ExportResponse>(
      loops_, context, [this](rpc::ServerCall& incoming, Writer& writer) {
        return AsUser(incoming, [this, &incoming, &writer](Call& call) {
          return engine_.Export(call, PartWriter(call, incoming, writer));
        });
      });
}

grpc::ServerUnaryReactor* Service::EraseUser(grpc::CallbackServerContext* context,
                                             const v1::EraseUserRequest* request, v1::EraseUserResponse*) {
  return rpc::HandleUnary(loops_, context, [this, request](rpc::ServerCall& incoming) -> Task<absl::Status> {
    if (absl::Status known = credential_.Check(incoming); !known.ok()) co_return known;
    co_return co_await engine_.EraseUser(UserId(request->user_id()));
  });
}

}  // namespace tidemark::sync
