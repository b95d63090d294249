#include "services/ratelimit/transport/service.h"

#include <utility>

#include "common/rpc/handler.h"
#include "services/ratelimit/client/quota_codec.h"

namespace tidemark::ratelimit {
namespace {

AcquireCommand Decode(const v1::AcquireRequest& request, const Origin& origin) {
  AcquireCommand command{.subject = request.subject(), .policy = request.policy(), .origin = origin};
  if (request.has_cost()) command.cost = request.cost();
  if (request.has_now()) command.now = UnixMillis{request.now()};
  return command;
}

PeekCommand Decode(const v1::PeekRequest& request, const Origin& origin) {
  PeekCommand command{.subject = request.subject(),
                      .policies = {request.policies().begin(), request.policies().end()},
                      .origin = origin};
  if (request.has_now()) command.now = UnixMillis{request.now()};
  return command;
}

ReportCommand Decode(const v1::ReportRequest& request) {
  ReportCommand command{.report = {.reporter = request.reporter(),
                                   .number = request.number(),
                                   .counts = DecodeCounts(request.counts())}};
  if (request.has_now()) command.now = UnixMillis{request.now()};
  return command;
}

v1::QuotaState Encode(QuotaState state) {
  switch (state) {
    case QuotaState::kOpen:
      return v1::QUOTA_STATE_OPEN;
    case QuotaState::kReadPaused:
      return v1::QUOTA_STATE_READ_PAUSED;
    case QuotaState::kExhausted:
      return v1::QUOTA_STATE_EXHAUSTED;
  }
  return v1::QUOTA_STATE_UNSPECIFIED;
}

void Encode(const Acquired& acquired, v1::AcquireResponse& response) {
  const Decision& decision = acquired.decision;
  response.set_allowed(decision.allowed);
  response.set_remaining(decision.remaining);
  response.set_retry_after_ms(absl::ToInt64Milliseconds(decision.retry_after));
  response.set_limit(decision.limit);
  response.set_reset_after_ms(absl::ToInt64Milliseconds(decision.reset_after));
  response.set_quota_state(Encode(acquired.quota_state));
}

void Encode(const Decision& seen, v1::BucketState& bucket) {
  bucket.set_remaining(seen.remaining);
  bucket.set_limit(seen.limit);
  bucket.set_reset_after_ms(absl::ToInt64Milliseconds(seen.reset_after));
}

}  // namespace

Service::Service(EventLoops& loops, Engine& engine, rpc::ServiceCredential credential)
    : loops_(loops), engine_(engine), credential_(std::move(credential)) {}

void Service::CarryBy(rpc::CarrierServer& carrier) {
  const auto add = [&carrier, this]<typename Request, typename Response>(
                       const char* rpc,
                       Task<absl::Status> (Service::*as)(rpc::ServerCall&, const Request&, Response&)) {
    carrier.Add<Request, Response>(
        std::string("/tidemark.v1.RateLimitService/") + rpc,
        [this, as](rpc::ServerCall& call, const Request& request, Response& response) {
          return (this->*as)(call, request, response);
        });
  };
  add("Acquire", &Service::AcquireFor);
  add("Peek", &Service::PeekFor);
  add("Report", &Service::ReportFor);
}

grpc::ServerUnaryReactor* Service::Acquire(grpc::CallbackServerContext* context,
                                           const v1::AcquireRequest* request, v1::AcquireResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, request, response](rpc::ServerCall& call) {
    return AcquireFor(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* Service::Peek(grpc::CallbackServerContext* context, const v1::PeekRequest* request,
                                        v1::PeekResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, request, response](rpc::ServerCall& call) {
    return PeekFor(call, *request, *response);
  });
}

grpc::ServerUnaryReactor* Service::Report(grpc::CallbackServerContext* context,
                                          const v1::ReportRequest* request, v1::ReportResponse* response) {
  return rpc::HandleUnary(loops_, context, [this, request, response](rpc::ServerCall& call) {
    return ReportFor(call, *request, *response);
  });
}

Task<absl::Status> Service::AcquireFor(rpc::ServerCall& call, const v1::AcquireRequest& request,
                                       v1::AcquireResponse& response) {
  if (absl::Status known = credential_.Check(call); !known.ok()) co_return known;
  const absl::StatusOr<Acquired> acquired = co_await engine_.Acquire(Decode(request, call.origin));
  if (!acquired.ok()) co_return acquired.status();
  Encode(*acquired, response);
  co_return absl::OkStatus();
}

Task<absl::Status> Service::PeekFor(rpc::ServerCall& call, const v1::PeekRequest& request,
                                    v1::PeekResponse& response) {
  if (absl::Status known = credential_.Check(call); !known.ok()) co_return known;
  const absl::StatusOr<std::vector<Decision>> seen = co_await engine_.Peek(Decode(request, call.origin));
  if (!seen.ok()) co_return seen.status();
  for (const Decision& bucket : *seen) Encode(bucket, *response.add_buckets());
  co_return absl::OkStatus();
}

Task<absl::Status> Service::ReportFor(rpc::ServerCall& call, const v1::ReportRequest& request,
                                      v1::ReportResponse& response) {
  if (absl::Status known = credential_.Check(call); !known.ok()) co_return known;
  const absl::StatusOr<Reported> reported = co_await engine_.Report(Decode(request));
  if (!reported.ok()) co_return reported.status();
  response.set_day(reported->day.since.value);
  EncodeCounts(reported->day.counts, *response.mutable_counts());
  response.set_quota_state(Encode(reported->quota_state));
  co_return absl::OkStatus();
}

}  // namespace tidemark::ratelimit
