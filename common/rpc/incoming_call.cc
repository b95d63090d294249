#include "common/rpc/incoming_call.h"

#include <exception>
#include <string>

#include "common/log/log.h"
#include "common/rpc/metadata.h"
#include "common/rpc/origin_of_call.h"
#include "common/rpc/status.h"

namespace tidemark::rpc {
namespace {

Task<absl::Status> Guarded(std::function<Task<absl::Status>()> body) {
  try {
    co_return co_await body();
  } catch (const std::exception& error) {
    co_return absl::InternalError(std::string("the handler threw: ") + error.what());
  }
}

// All values, in the order in which they came: a proxy may add its own after those that its client made up.
std::string ListOf(const grpc::CallbackServerContext& context, std::string_view key) {
  std::string list;
  const auto& metadata = context.client_metadata();
  const auto [begin, end] = metadata.equal_range(grpc::string_ref(key.data(), key.size()));
  for (auto value = begin; value != end; ++value) {
    if (!list.empty()) list += ", ";
    list.append(value->second.data(), value->second.size());
  }
  return list;
}

}  // namespace

std::string MetadataOf(const grpc::CallbackServerContext& context, std::string_view key) {
  const auto& metadata = context.client_metadata();
  const auto found = metadata.find(grpc::string_ref(key.data(), key.size()));
  if (found == metadata.end()) return "";
  return std::string(found->second.data(), found->second.size());
}

bool IsCertified(const grpc::CallbackServerContext& context) {
  return context.auth_context()->IsPeerAuthenticated();
}

Task<grpc::Status> AnswerCall(const ServerCall& call, std::function<Task<absl::Status>()> body) {
  const absl::Status status = co_await Guarded(std::move(body));
  grpc::Status answer = ToGrpc(status);
  // The caller is not told why: this line is.
  if (answer.error_code() == grpc::StatusCode::INTERNAL) {
    log::Error("internal_error", {{"status", status.ToString()}}, call.origin);
  }
  co_return answer;
}

IncomingCall::IncomingCall(grpc::CallbackServerContext* context) : context_(context) {
  call_.origin = OriginOfCall(context->client_metadata());
  call_.authorization = MetadataOf(*context, kAuthorization);
  call_.service_token = MetadataOf(*context, kServiceToken);
  call_.is_certified = IsCertified(*context);
  call_.forwarded_for = ListOf(*context, kForwardedFor);
  call_.peer = PeerHost(context->peer());
}

Task<grpc::Status> IncomingCall::Answer(std::function<Task<absl::Status>()> body) {
  grpc::Status answer = co_await AnswerCall(call_, std::move(body));
  AddTrailers();
  co_return answer;
}

void IncomingCall::AnnounceTrailers() {
  for (const auto& [key, value] : call_.trailers) context_->AddInitialMetadata(key, MetadataValue(value));
}

void IncomingCall::AddTrailers() {
  context_->AddTrailingMetadata(std::string(kRequestId), call_.origin.request_id);
  for (const auto& [key, value] : call_.trailers) {
    context_->AddTrailingMetadata(key, MetadataValue(value));
  }
}

}  // namespace tidemark::rpc
