#include "common/rpc/status.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "common/status/error.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace tidemark::rpc {
namespace {

constexpr const char* kDomain = "tidemark";

// What the caller may read. An internal error's own text is for our logs alone.
std::string MessageOf(const absl::Status& status, Code code) {
  if (code == Code::kInternal) return std::string(InfoOf(code).title);
  return std::string(status.message());
}

void AddDetails(const ErrorInfo& info, google::rpc::Status& model) {
  google::rpc::ErrorInfo reason;
  reason.set_reason(std::string(InfoOf(info.code).name));
  reason.set_domain(kDomain);
  model.add_details()->PackFrom(reason);

  if (info.details.retry_after.has_value()) {
    const int64_t millis = absl::ToInt64Milliseconds(*info.details.retry_after);
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(millis / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(millis % 1000 * 1'000'000));
    model.add_details()->PackFrom(retry);
  }
  if (!info.details.pointer.empty()) {
    google::rpc::BadRequest bad_request;
    google::rpc::BadRequest::FieldViolation* violation = bad_request.add_field_violations();
    violation->set_field(info.details.pointer);
    violation->set_description(model.message());
    model.add_details()->PackFrom(bad_request);
  }
}

ErrorDetails ReadDetails(const google::rpc::Status& model) {
  ErrorDetails details;
  for (const google::protobuf::Any& any : model.details()) {
    google::rpc::RetryInfo retry;
    google::rpc::BadRequest bad_request;
    if (any.UnpackTo(&retry)) {
      details.retry_after =
          absl::Seconds(retry.retry_delay().seconds()) + absl::Nanoseconds(retry.retry_delay().nanos());
    } else if (any.UnpackTo(&bad_request) && bad_request.field_violations_size() > 0) {
      details.pointer = bad_request.field_violations(0).field();
    }
  }
  return details;
}

std::optional<Code> ReadCode(const google::rpc::Status& model) {
  for (const google::protobuf::Any& any : model.details()) {
    google::rpc::ErrorInfo reason;
    if (any.UnpackTo(&reason) && reason.domain() == kDomain) return CodeNamed(reason.reason());
  }
  return std::nullopt;
}

// Our servers name a code with every error of theirs, so this one was made by gRPC on the way.
absl::Status FromTransport(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNIMPLEMENTED:
      return Error(Code::kNotImplemented, status.error_message());
    case grpc::StatusCode::CANCELLED:  // a server that ran out of drain time
    case grpc::StatusCode::UNKNOWN:    // a connection lost between headers and trailers
      return absl::UnavailableError(status.error_message());
    default:
      return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }
}

}  // namespace

grpc::Status ToGrpc(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  if (absl::IsCancelled(status)) return grpc::Status(grpc::StatusCode::CANCELLED, "");
  const ErrorInfo info = ErrorInfoOf(status);
  google::rpc::Status model;
  model.set_code(static_cast<int>(InfoOf(info.code).status_code));
  model.set_message(MessageOf(status, info.code));
  AddDetails(info, model);
  return grpc::Status(static_cast<grpc::StatusCode>(model.code()), model.message(),
                      model.SerializeAsString());
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  google::rpc::Status model;
  if (model.ParseFromString(status.error_details())) {
    if (const std::optional<Code> code = ReadCode(model); code.has_value()) {
      return Error(*code, status.error_message(), ReadDetails(model));
    }
  }
  return FromTransport(status);
}

}  // namespace tidemark::rpc
