#include "services/ratelimit/client/grpc_limiter.h"

#include <utility>

#include "common/breaker/breaker.h"
#include "common/rpc/carrier_client.h"
#include "common/rpc/client.h"
#include "services/ratelimit/client/policies.h"
#include "services/ratelimit/client/quota_codec.h"
#include "services/ratelimit/storage/memory_store.h"
#include "services/ratelimit/storage/outage_log.h"
#include "tidemark/v1/ratelimit.pb.h"

namespace tidemark::ratelimit {
namespace {

v1::AcquireRequest Encode(const Ask& ask) {
  v1::AcquireRequest request;
  request.set_subject(ask.subject);
  request.set_policy(ask.policy);
  request.set_cost(ask.cost);
  return request;
}

v1::PeekRequest Encode(const std::string& subject, const std::vector<std::string>& policies) {
  v1::PeekRequest request;
  request.set_subject(subject);
  for (const std::string& policy : policies) request.add_policies(policy);
  return request;
}

v1::ReportRequest Encode(const QuotaReport& report) {
  v1::ReportRequest request;
  request.set_reporter(report.reporter);
  request.set_number(report.number);
  EncodeCounts(report.counts, *request.mutable_counts());
  return request;
}

Decision Decode(const v1::AcquireResponse& response, const Policy& policy) {
  return {.allowed = response.allowed(),
          .remaining = response.remaining(),
          .limit = response.limit(),
          .retry_after = absl::Milliseconds(response.retry_after_ms()),
          .reset_after = absl::Milliseconds(response.reset_after_ms()),
          .window = WindowOf(policy)};
}

metrics::Gauge& OpenGauge(metrics::Registry& registry) {
  return registry.AddGauge("tidemark_breaker_open",
                           "1 while a dependency that hangs is asked by probes alone.",
                           {{"dependency", "ratelimit"}});
}

metrics::Counter& AsksCounter(metrics::Registry& registry, const char* answered_by) {
  return registry.AddCounter("tidemark_ratelimit_asks_total",
                             "Asks for tokens, by who answered: the rate limit service, or this process' own "
                             "memory while that is away.",
                             {{"answered_by", answered_by}});
}

Decision Decode(const v1::BucketState& bucket, const Policy& policy) {
  return {.allowed = true,
          .remaining = bucket.remaining(),
          .limit = bucket.limit(),
          .reset_after = absl::Milliseconds(bucket.reset_after_ms()),
          .window = WindowOf(policy)};
}

}  // namespace

struct GrpcLimiter::Impl {
  Impl(EventLoops& loops, GrpcLimiterOptions given, const Versioned<Limits>& its_limits, const Clock& clock,
       metrics::Registry& registry)
      : options(std::move(given)),
        limits(its_limits),
        memory(clock),
        breaker({}, OpenGauge(registry)),
        asked_service(AsksCounter(registry, "service")),
        asked_memory(AsksCounter(registry, "memory")),
        carrier(loops, rpc::NewChannel(options.address, options.credentials),
                rpc::ReplicasOf(options.address, options.credentials), options.service_token),
        readings(registry) {
    readings.Gauge("tidemark_dependency_up", "1 while a dependency answers, else 0.",
                   {{"dependency", "ratelimit"}}, [this] { return outage.away() ? 0.0 : 1.0; });
    readings.Gauge("tidemark_carrier_calls_under_way", "Calls carried to another process and not answered.",
                   {{"to", "ratelimit"}}, [this] { return static_cast<double>(carrier.under_way()); });
  }

  // UNAVAILABLE also where the service is known to hang.
  template <typename Response, typename Request>
  Task<absl::StatusOr<Response>> Call(const char* rpc, Request request, Origin origin) {
    if (!breaker.Admits()) co_return absl::UnavailableError("the rate limit service hangs");
    rpc::ClientCall call;
    call.origin = std::move(origin);
    call.timeout = options.timeout;
    absl::StatusOr<Response> response = co_await carrier.Call<Response>(call, rpc, std::move(request));
    absl::IsDeadlineExceeded(response.status()) ? breaker.Missed() : breaker.Answered();
    outage.Note(response.status(), call.origin);
    co_return response;
  }

  const Policy& PolicyFor(const std::string& name) const { return PolicyNamed(limits.Get().policies, name); }

  Task<Decision> TakeFromMemory(Ask ask, Origin origin) {
    absl::StatusOr<Decision> taken = co_await memory.Take(PolicyFor(ask.policy), std::move(ask.subject),
                                                          ask.cost, std::nullopt, std::move(origin));
    co_return *taken;
  }

  const GrpcLimiterOptions options;
  const Versioned<Limits>& limits;
  MemoryStore memory;
  Breaker breaker;
  OutageLog outage{"ratelimit"};
  metrics::Counter& asked_service;
  metrics::Counter& asked_memory;
  // Its calls under way end with it, and need all above.
  rpc::CarrierClient carrier;
  metrics::Readings readings;
};

GrpcLimiter::GrpcLimiter(EventLoops& loops, GrpcLimiterOptions options, const Versioned<Limits>& limits,
                         const Clock& clock, metrics::Registry& registry)
    : impl_(std::make_unique<Impl>(loops, std::move(options), limits, clock, registry)) {}
GrpcLimiter::~GrpcLimiter() = default;

Task<Decision> GrpcLimiter::Acquire(Ask ask, Origin origin) {
  const Policy& policy = impl_->PolicyFor(ask.policy);
  v1::AcquireRequest request = Encode(ask);
  absl::StatusOr<v1::AcquireResponse> response = co_await impl_->Call<v1::AcquireResponse>(
      "/tidemark.v1.RateLimitService/Acquire", std::move(request), origin);
  (response.ok() ? impl_->asked_service : impl_->asked_memory).Increment();
  if (response.ok()) co_return Decode(*response, policy);
  Decision decision = co_await impl_->TakeFromMemory(std::move(ask), std::move(origin));
  co_return decision;
}

Task<std::vector<Decision>> GrpcLimiter::Peek(std::string subject, std::vector<std::string> policies,
                                              Origin origin) {
  v1::PeekRequest request = Encode(subject, policies);
  absl::StatusOr<v1::PeekResponse> response = co_await impl_->Call<v1::PeekResponse>(
      "/tidemark.v1.RateLimitService/Peek", std::move(request), origin);
  const bool told = response.ok() && static_cast<size_t>(response->buckets_size()) == policies.size();
  std::vector<Decision> buckets;
  for (size_t i = 0; i < policies.size(); ++i) {
    if (told) {
      buckets.push_back(Decode(response->buckets(static_cast<int>(i)), impl_->PolicyFor(policies[i])));
    } else {
      Ask look{.subject = subject, .policy = policies[i], .cost = 0};
      buckets.push_back(co_await impl_->TakeFromMemory(std::move(look), origin));
    }
  }
  co_return buckets;
}

Task<absl::StatusOr<Day>> GrpcLimiter::Report(QuotaReport report) {
  v1::ReportRequest request = Encode(report);
  Origin nobodys;
  absl::StatusOr<v1::ReportResponse> response = co_await impl_->Call<v1::ReportResponse>(
      "/tidemark.v1.RateLimitService/Report", std::move(request), std::move(nobodys));
  if (!response.ok()) co_return response.status();
  co_return Day{.since = {response->day()}, .counts = DecodeCounts(response->counts())};
}

}  // namespace tidemark::ratelimit
