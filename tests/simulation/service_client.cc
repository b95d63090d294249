#include "tests/simulation/service_client.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/rpc/client.h"
#include "common/rpc/client_stream.h"
#include "common/status/error.h"
#include "tests/simulation/wire.h"

namespace tidemark::simulation {
namespace {

template <typename Response>
Answer AnswerOf(const absl::StatusOr<Response>& response) {
  if (!response.ok()) return response.status();
  return FromProto(*response);
}

// The parts of a V1 answer as one.
Task<absl::StatusOr<v1::SyncV1Response>> Collect(
    std::unique_ptr<rpc::StreamReader<v1::SyncV1Response>> reader) {
  v1::SyncV1Response whole;
  for (;;) {
    const absl::StatusOr<std::optional<v1::SyncV1Response>> part = co_await reader->Read();
    if (!part.ok()) co_return part.status();
    if (!part->has_value()) co_return whole;
    whole.MergeFrom(**part);
  }
}

}  // namespace

ServiceClient::ServiceClient(const std::vector<std::string>& addresses, const std::string& service_token,
                             absl::Duration timeout)
    : timeout_(timeout) {
  for (const std::string& address : addresses) {
    channels_.push_back(rpc::NewChannel(address));
    backends_.push_back(
        std::make_unique<gateway::GrpcSyncBackend>(loops_, channels_.back(), rpc::Replicas(), service_token));
  }
}

ServiceClient::~ServiceClient() {
  while (under_way_ > 0) Await();
}

void ServiceClient::Start(CallId call, int64_t replica, const std::string& token, Request request) {
  ++under_way_;
  Spawn(loops_.Next(), [this, call, replica, token, request = std::move(request)] {
    return Serve(call, replica, token, request);
  });
}

Task<void> ServiceClient::Serve(CallId call, int64_t replica, std::string token, Request request) {
  Answer answer = co_await Call(replica, std::move(token), std::move(request));
  MutexLock lock(&mutex_);
  arrivals_.push_back({call, std::move(answer)});
  arrived_.NotifyOne();
}

Task<Answer> ServiceClient::Call(int64_t replica, std::string token, Request request) {
  gateway::GrpcSyncBackend& backend = *backends_[replica];
  rpc::ClientCall call = NewCall(token);
  if (const auto* check = std::get_if<CheckRequest>(&request)) {
    v1::CheckRequest message = ToProto(*check);
    const absl::StatusOr<v1::CheckResponse> response = co_await backend.Check(call, std::move(message));
    co_return AnswerOf(response);
  }
  if (const auto* sync = std::get_if<sync::SyncRequest>(&request)) {
    v1::SyncRequest message = ToProto(*sync);
    const absl::StatusOr<v1::SyncResponse> response = co_await backend.Sync(call, std::move(message));
    co_return AnswerOf(response);
  }
  v1::SyncV1Request message = ToProto(std::get<sync::SyncV1Request>(request));
  auto reader = backend.SyncV1(call, std::move(message));
  const absl::StatusOr<v1::SyncV1Response> response = co_await Collect(std::move(reader));
  co_return AnswerOf(response);
}

rpc::ClientCall ServiceClient::NewCall(const std::string& token) const {
  rpc::ClientCall call;
  call.authorization = "Bearer " + token;
  call.timeout = timeout_;
  return call;
}

ServiceClient::Arrival ServiceClient::Await() {
  --under_way_;
  MutexLock lock(&mutex_);
  while (arrivals_.empty()) arrived_.Wait(mutex_);
  Arrival arrival = std::move(arrivals_.front());
  arrivals_.pop_front();
  return arrival;
}

std::optional<ServiceClient::Arrival> ServiceClient::Poll() {
  MutexLock lock(&mutex_);
  if (arrivals_.empty()) return std::nullopt;
  --under_way_;
  Arrival arrival = std::move(arrivals_.front());
  arrivals_.pop_front();
  return arrival;
}

void ServiceClient::AwaitReplicas(absl::Duration at_most) {
  const auto deadline = absl::ToChronoTime(absl::Now() + at_most);
  for (const auto& channel : channels_) channel->WaitForConnected(deadline);
}

Answer ServiceClient::Ask(int64_t replica, const std::string& token, Request request) {
  return RunBlocking<Answer>(loops_.Next(), [&] { return Call(replica, token, request); });
}

Task<absl::StatusOr<v1::GetHistoryResponse>> ServiceClient::CallHistory(int64_t replica, std::string token,
                                                                        TaskId task) {
  rpc::ClientCall call = NewCall(token);
  v1::GetHistoryRequest request;
  request.set_id(task.value());
  co_return co_await backends_[replica]->GetHistory(call, std::move(request));
}

absl::StatusOr<std::vector<sync::HistoryEntry>> ServiceClient::GetHistory(int64_t replica,
                                                                          const std::string& token,
                                                                          const TaskId& task) {
  using Response = absl::StatusOr<v1::GetHistoryResponse>;
  const Response response =
      RunBlocking<Response>(loops_.Next(), [&] { return CallHistory(replica, token, task); });
  if (response.ok()) return FromProto(*response);
  if (ErrorInfoOf(response.status()).code == Code::kNotFound) return std::vector<sync::HistoryEntry>();
  return response.status();
}

}  // namespace tidemark::simulation
