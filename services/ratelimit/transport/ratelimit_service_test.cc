// The service as its callers meet it: through gRPC, the limiter of the other services included.
#include <google/rpc/error_details.pb.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/async/test_eventually.h"
#include "common/rpc/status.h"
#include "common/status/error.h"
#include "services/ratelimit/client/grpc_limiter.h"
#include "services/ratelimit/storage/memory_quota_store.h"
#include "services/ratelimit/storage/memory_store.h"
#include "services/ratelimit/transport/service.h"

namespace tidemark::ratelimit {
namespace {

constexpr UnixMillis kStart{1'735'689'600'000};
constexpr char kToken[] = "the service credential";

Limits SomeLimits() {
  Limits limits;
  EXPECT_TRUE(limits.policies.Add({"sync", TokenBucket{10, absl::Hours(4)}}).ok());
  EXPECT_TRUE(limits.policies.Add({"v1_sync", DailyCounter{100}}).ok());
  limits.budgets[Resource::kRequests] = 100;
  return limits;
}

class RateLimitServiceTest : public testing::Test {
 protected:
  RateLimitServiceTest() {
    service_.CarryBy(carrier_);
    Listen(0);
  }

  void Listen(int port) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(absl::StrCat("127.0.0.1:", port), grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(&service_);
    builder.RegisterService(&carrier_);
    server_ = builder.BuildAndStart();
    ASSERT_NE(server_, nullptr);
  }
  void StopListening() {
    carrier_.Close();
    server_.reset();
  }

  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  grpc::Status Acquire(const v1::AcquireRequest& request, const std::string& token = kToken) {
    grpc::ClientContext context;
    if (!token.empty()) context.AddMetadata("service-token", token);
    auto channel = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
    return v1::RateLimitService::NewStub(channel)->Acquire(&context, request, &response_);
  }
  Code CodeOf(const v1::AcquireRequest& request, const std::string& token = kToken) {
    return ErrorInfoOf(rpc::FromGrpc(Acquire(request, token))).code;
  }

  Decision Ask(GrpcLimiter& limiter, int64_t cost) {
    return RunBlocking<Decision>(loops_.Next(), [&] {
      return limiter.Acquire({.subject = "user", .policy = "sync", .cost = cost},
                             {.request_id = "request-1"});
    });
  }

  static v1::AcquireRequest Request(const std::string& policy) {
    v1::AcquireRequest request;
    request.set_subject("user");
    request.set_policy(policy);
    return request;
  }

  ManualClock clock_{kStart};
  MemoryQuotaStore quota_{clock_};
  Versioned<Limits> limits_{SomeLimits()};
  MemoryStore store_{clock_};
  metrics::Registry registry_;
  DecisionCounters counters_{registry_, limits_.Get().policies};
  Engine engine_{limits_, store_, quota_, counters_, clock_};
  EventLoops loops_{2};
  Service service_{loops_, engine_, rpc::ServiceCredential(kToken)};
  rpc::CarrierServer carrier_{loops_, registry_, rpc::ServiceCredential(kToken)};
  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  v1::AcquireResponse response_;
};

TEST_F(RateLimitServiceTest, TakesOneTokenUnlessToldOtherwise) {
  ASSERT_TRUE(Acquire(Request("sync")).ok());
  EXPECT_TRUE(response_.allowed());
  EXPECT_EQ(response_.remaining(), 9);
  EXPECT_EQ(response_.limit(), 10);
  EXPECT_EQ(response_.retry_after_ms(), 0);
  EXPECT_EQ(response_.reset_after_ms(), 4 * 3'600'000);
  EXPECT_EQ(response_.quota_state(), v1::QUOTA_STATE_OPEN);
}

TEST_F(RateLimitServiceTest, RefusalIsAnAnswerAndNotAnError) {
  v1::AcquireRequest all = Request("v1_sync");
  all.set_cost(100);
  ASSERT_TRUE(Acquire(all).ok());
  ASSERT_TRUE(Acquire(Request("v1_sync")).ok());
  EXPECT_FALSE(response_.allowed());
  EXPECT_EQ(response_.retry_after_ms(), 24 * 3'600'000);
}

TEST_F(RateLimitServiceTest, CostZeroOnlyLooks) {
  v1::AcquireRequest look = Request("sync");
  look.set_cost(0);
  ASSERT_TRUE(Acquire(look).ok());
  EXPECT_EQ(response_.remaining(), 10);
}

TEST_F(RateLimitServiceTest, HoldsToThePassedTime) {
  v1::AcquireRequest request = Request("sync");
  request.set_cost(10);
  request.set_now(1000);
  ASSERT_TRUE(Acquire(request).ok());
  request.set_cost(1);
  request.set_now(1000 + 3'600'000);
  ASSERT_TRUE(Acquire(request).ok());
  EXPECT_EQ(response_.retry_after_ms(), 3 * 3'600'000);
}

TEST_F(RateLimitServiceTest, OnlyTheServiceCredentialIsServed) {
  EXPECT_EQ(CodeOf(Request("sync"), ""), Code::kForbidden);
  EXPECT_EQ(CodeOf(Request("sync"), "the service credentiaX"), Code::kForbidden);
  EXPECT_EQ(CodeOf(Request("sync"), absl::StrCat(kToken, " ")), Code::kForbidden);
  EXPECT_EQ(Acquire(Request("sync"), "").error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(store_.size(), 0u);
}

TEST_F(RateLimitServiceTest, UnknownPolicyIsNotFound) {
  EXPECT_EQ(Acquire(Request("nothing")).error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(CodeOf(Request("nothing")), Code::kNotFound);
}

TEST_F(RateLimitServiceTest, ValueOutOfBoundsIsInvalid) {
  v1::AcquireRequest request = Request("sync");
  request.set_subject("");
  EXPECT_EQ(Acquire(request).error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(CodeOf(request), Code::kValidation);
}

TEST_F(RateLimitServiceTest, GrpcLimiterAsksTheService) {
  GrpcLimiter limiter(loops_, {.address = address(), .service_token = kToken, .timeout = absl::Seconds(30)},
                      limits_, clock_, registry_);
  const Decision decision = Ask(limiter, 3);
  EXPECT_TRUE(decision.allowed);
  EXPECT_EQ(decision.remaining, 7);
  EXPECT_EQ(decision.limit, 10);
  EXPECT_EQ(decision.reset_after, absl::Hours(12));
  EXPECT_EQ(decision.window, absl::Hours(40));
  EXPECT_EQ(store_.size(), 1u);
  EXPECT_EQ(Ask(limiter, 8).retry_after, absl::Hours(4));
}

TEST_F(RateLimitServiceTest, GrpcLimiterPeeksIntoSeveralBuckets) {
  GrpcLimiter limiter(loops_, {.address = address(), .service_token = kToken, .timeout = absl::Seconds(30)},
                      limits_, clock_, registry_);
  Ask(limiter, 3);
  const auto peek = [&] {
    return RunBlocking<std::vector<Decision>>(loops_.Next(), [&] {
      return limiter.Peek("user", {"v1_sync", "sync"}, {.request_id = "request-1"});
    });
  };
  std::vector<Decision> seen = peek();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].remaining, 100);
  EXPECT_EQ(seen[1].remaining, 7);
  EXPECT_EQ(seen[1].window, absl::Hours(40));
  StopListening();
  seen = peek();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[1].remaining, 10) << "from its own memory, in which nothing was taken";
}

TEST_F(RateLimitServiceTest, GrpcLimiterReportsTheDaysCounts) {
  GrpcLimiter limiter(loops_, {.address = address(), .service_token = kToken, .timeout = absl::Seconds(30)},
                      limits_, clock_, registry_);
  QuotaReport report{.reporter = "sync-1", .number = 1, .counts = {}};
  for (const Resource resource : kResources) report.counts[resource] = 90 + static_cast<int64_t>(resource);
  const auto send = [&] {
    return RunBlocking<absl::StatusOr<Day>>(loops_.Next(), [&] { return limiter.Report(report); });
  };
  const absl::StatusOr<Day> day = send();
  ASSERT_TRUE(day.ok()) << day.status();
  EXPECT_EQ(*day, (Day{kStart, report.counts}));
  StopListening();
  EXPECT_FALSE(send().ok());
}

TEST_F(RateLimitServiceTest, AnswersTellTheDaysState) {
  const auto report = [this](int64_t number, int64_t requests) {
    grpc::ClientContext context;
    context.AddMetadata("service-token", kToken);
    v1::ReportRequest request;
    request.set_reporter("sync-1");
    request.set_number(number);
    request.mutable_counts()->set_requests(requests);
    v1::ReportResponse told;
    auto channel = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
    EXPECT_TRUE(v1::RateLimitService::NewStub(channel)->Report(&context, request, &told).ok());
    return told.quota_state();
  };
  EXPECT_EQ(report(1, 91), v1::QUOTA_STATE_READ_PAUSED);
  ASSERT_TRUE(Acquire(Request("sync")).ok());
  EXPECT_EQ(response_.quota_state(), v1::QUOTA_STATE_READ_PAUSED);
  EXPECT_EQ(report(2, 9), v1::QUOTA_STATE_EXHAUSTED);
}

TEST_F(RateLimitServiceTest, GrpcLimiterLimitsFromMemoryWhileTheServiceIsAway) {
  GrpcLimiter limiter(loops_, {.address = address(), .service_token = kToken, .timeout = absl::Seconds(30)},
                      limits_, clock_, registry_);
  EXPECT_EQ(Ask(limiter, 3).remaining, 7);
  StopListening();
  EXPECT_EQ(Ask(limiter, 10).remaining, 0);
  EXPECT_EQ(Ask(limiter, 1).retry_after, absl::Hours(4));
}

TEST_F(RateLimitServiceTest, GrpcLimiterShowsWhoAnsweredAndWhetherTheServiceDoes) {
  GrpcLimiter limiter(loops_, {.address = address(), .service_token = kToken, .timeout = absl::Seconds(30)},
                      limits_, clock_, registry_);
  const auto shows = [this](const std::string& line) {
    return registry_.Text().find(line + "\n") != std::string::npos;
  };
  Ask(limiter, 1);
  EXPECT_TRUE(shows("tidemark_ratelimit_asks_total{answered_by=\"service\"} 1"));
  EXPECT_TRUE(shows("tidemark_ratelimit_asks_total{answered_by=\"memory\"} 0"));
  EXPECT_TRUE(shows("tidemark_dependency_up{dependency=\"ratelimit\"} 1"));
  StopListening();
  Ask(limiter, 1);
  EXPECT_TRUE(shows("tidemark_ratelimit_asks_total{answered_by=\"memory\"} 1"));
  EXPECT_TRUE(shows("tidemark_dependency_up{dependency=\"ratelimit\"} 0"));
  EXPECT_TRUE(shows("tidemark_carrier_calls_under_way{to=\"ratelimit\"} 0"));
}

TEST_F(RateLimitServiceTest, GrpcLimiterAsksTheServiceAgainWhenItIsBack) {
  GrpcLimiter limiter(loops_, {.address = address(), .service_token = kToken, .timeout = absl::Seconds(30)},
                      limits_, clock_, registry_);
  StopListening();
  EXPECT_FALSE(Ask(limiter, 11).allowed);
  Listen(port_);
  // The channel connects again after a backoff of its own.
  const absl::Time give_up = absl::Now() + absl::Seconds(20);
  while (store_.size() == 0 && absl::Now() < give_up) Ask(limiter, 1);
  EXPECT_EQ(store_.size(), 1u);
}

TEST_F(RateLimitServiceTest, GrpcLimiterDoesNotWaitForASilentService) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor silent(context, {boost::asio::ip::address_v4::loopback(), 0});
  GrpcLimiter limiter(loops_,
                      {.address = absl::StrCat("127.0.0.1:", silent.local_endpoint().port()),
                       .service_token = kToken,
                       .timeout = absl::Milliseconds(20)},
                      limits_, clock_, registry_);
  EXPECT_EQ(Ask(limiter, 10).remaining, 0);
  EXPECT_FALSE(Ask(limiter, 1).allowed);
}

TEST_F(RateLimitServiceTest, AServiceThatHangsIsSoonAskedByProbesAlone) {
  boost::asio::io_context context;
  boost::asio::ip::tcp::acceptor silent(context, {boost::asio::ip::address_v4::loopback(), 0});
  GrpcLimiter limiter(loops_,
                      {.address = absl::StrCat("127.0.0.1:", silent.local_endpoint().port()),
                       .service_token = kToken,
                       .timeout = absl::Milliseconds(20)},
                      limits_, clock_, registry_);
  EXPECT_TRUE(Eventually([&] {
    Ask(limiter, 0);
    return registry_.Text().find("tidemark_breaker_open{dependency=\"ratelimit\"} 1") != std::string::npos;
  }));
  EXPECT_TRUE(Ask(limiter, 10).allowed) << "from memory";
  EXPECT_FALSE(Ask(limiter, 1).allowed);
}

TEST_F(RateLimitServiceTest, GrpcLimiterLimitsFromMemoryWhenItIsNotServed) {
  GrpcLimiter limiter(loops_, {.address = address(), .service_token = "wrong", .timeout = absl::Seconds(30)},
                      limits_, clock_, registry_);
  EXPECT_EQ(Ask(limiter, 10).remaining, 0);
  EXPECT_FALSE(Ask(limiter, 1).allowed);
  EXPECT_EQ(store_.size(), 0u);
}

}  // namespace
}  // namespace tidemark::ratelimit
