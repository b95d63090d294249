#include "gateway/http/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/error.h"

namespace tidemark::gateway {
namespace {

using testing::HasSubstr;

class DispatcherTest : public testing::Test {
 protected:
  DispatcherTest() {
    router_.Add("POST", "/echo/{name}", [this](Exchange& exchange) { return Echo(exchange); });
    router_.Add("GET", "/fails", [this](Exchange& exchange) { return Fail(exchange); });
  }

  Task<absl::StatusOr<http::Response>> Echo(Exchange& exchange) {
    seen_ = exchange.call;
    http::Response response;
    response.body = exchange.path_values.at("name") + " " + exchange.request.body;
    co_return response;
  }

  Task<absl::StatusOr<http::Response>> Fail(Exchange& exchange) {
    exchange.call.trailers["ratelimit"] = "\"sync\";r=0;t=60";
    exchange.call.trailers["ratelimit-policy"] = "\"sync\";q=10;w=600";
    exchange.call.trailers["grpc-internal"] = "x";
    co_return Error(Code::kRateLimited, "wait", {.retry_after = absl::Seconds(60)});
  }

  http::Response Send(http::Request request) {
    return RunBlocking<http::Response>(loops_.Next(), [&] { return dispatcher().Handle(request); });
  }

  http::Response Send(std::string method, std::string path) {
    http::Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    return Send(std::move(request));
  }

  // The router is complete only once a test begins.
  Dispatcher& dispatcher() {
    if (!dispatcher_)
      dispatcher_.emplace(router_, registry_, DispatcherOptions{.call_timeout = absl::Seconds(3)});
    return *dispatcher_;
  }

  rpc::ClientCall seen_;
  Router router_;
  metrics::Registry registry_;
  std::optional<Dispatcher> dispatcher_;
  EventLoops loops_{1};
};

std::string Header(const http::Response& response, std::string_view name) {
  return std::string(response.headers.Get(name).value_or("<none>"));
}

TEST_F(DispatcherTest, AHandlerKnowsThePathsValuesAndTheBody) {
  http::Request request{
      .method = "POST", .path = "/echo/ann", .query = {}, .headers = {}, .body = "hi", .peer = {}};
  const http::Response response = Send(request);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "ann hi");
}

TEST_F(DispatcherTest, ACallCarriesTheRequestsIdThePeerAndADeadline) {
  http::Request request{
      .method = "POST", .path = "/echo/x", .query = {}, .headers = {}, .body = {}, .peer = "192.0.2.7"};
  request.headers.Set("X-Request-Id", "mine-1");
  request.headers.Set("X-Forwarded-For", "203.0.113.9");
  const http::Response response = Send(request);
  EXPECT_EQ(Header(response, "X-Request-Id"), "mine-1");
  EXPECT_EQ(seen_.origin.request_id, "mine-1");
  EXPECT_EQ(seen_.forwarded_for, "192.0.2.7") << "what a client says about its address is not believed";
  EXPECT_EQ(seen_.timeout, absl::Seconds(3));
  EXPECT_EQ(seen_.authorization, "") << "only a route that needs the token passes it on";
}

TEST_F(DispatcherTest, WhomATrustedProxyAsksForIsTheCaller) {
  dispatcher_.emplace(router_, registry_,
                      DispatcherOptions{.trusted_proxies = {*ParseIpNetwork("10.0.0.0/8")}});
  http::Request request{
      .method = "POST", .path = "/echo/x", .query = {}, .headers = {}, .body = {}, .peer = "10.0.0.1"};
  request.headers.Append("X-Forwarded-For", "203.0.113.9");
  request.headers.Append("X-Forwarded-For", "198.51.100.1");
  Send(request);
  EXPECT_EQ(seen_.forwarded_for, "198.51.100.1") << "what stands before may be made up";
}

TEST_F(DispatcherTest, ARequestIdThatCouldNotTravelIsReplaced) {
  for (const std::string& given : {std::string(), std::string("two words"), std::string(129, 'a'),
                                   std::string("ü"), std::string("a\nb")}) {
    http::Request request{
        .method = "POST", .path = "/echo/x", .query = {}, .headers = {}, .body = {}, .peer = {}};
    request.headers.Set("X-Request-Id", given);
    const http::Response response = Send(request);
    EXPECT_NE(Header(response, "X-Request-Id"), given);
    EXPECT_EQ(Header(response, "X-Request-Id"), seen_.origin.request_id);
    EXPECT_FALSE(seen_.origin.request_id.empty());
  }
}

constexpr char kTraceparent[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr TraceId kTrace{0x0af7651916cd43dd, 0x8448eb211c80319c};

http::Request Traced(std::string path) {
  http::Request request{
      .method = "POST", .path = std::move(path), .query = {}, .headers = {}, .body = {}, .peer = {}};
  request.headers.Set("Traceparent", kTraceparent);
  return request;
}

TEST_F(DispatcherTest, ACallIsMadeInTheTraceThatTheRequestNamesAndTheClientIsNotToldOfIt) {
  const http::Response response = Send(Traced("/echo/x"));
  EXPECT_EQ(seen_.origin.span.trace, kTrace);
  EXPECT_EQ(seen_.origin.span.parent, SpanId{0xb7ad6b7169203331});
  EXPECT_EQ(Header(response, "traceparent"), "<none>");
}

TEST_F(DispatcherTest, TwoTraceparentsAreNone) {
  http::Request request = Traced("/echo/x");
  request.headers.Append("traceparent", kTraceparent);
  Send(request);
  EXPECT_TRUE(seen_.origin.span.exists());
  EXPECT_NE(seen_.origin.span.trace, kTrace);
}

TEST_F(DispatcherTest, WhatIsThrownIsToldInTheRequestsTrace) {
  router_.Add("POST", "/throws", [](Exchange&) -> Task<absl::StatusOr<http::Response>> {
    throw std::runtime_error("broken");
    co_return http::Response();
  });
  testing::internal::CaptureStderr();
  EXPECT_EQ(Send(Traced("/throws")).status, 500);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, testing::ContainsRegex("\"event\":\"request_failed\".*\"trace_id\":\"0af7651916cd43dd"));
  EXPECT_THAT(log, testing::ContainsRegex("\"event\":\"request\".*\"trace_id\":\"0af7651916cd43dd"));
}

class NoWriter : public http::BodyWriter {
 public:
  Task<absl::Status> Write(std::string) override { co_return absl::OkStatus(); }
  void WhenGone(std::function<void()>) override {}
  void WhenDraining(std::function<void()>) override {}
};

TEST_F(DispatcherTest, WhatAStreamThrowsIsToldInTheRequestsTrace) {
  router_.Add("POST", "/streams", [](Exchange&) -> Task<absl::StatusOr<http::Response>> {
    http::Response response;
    response.stream = [](http::BodyWriter&) -> Task<absl::Status> {
      throw std::runtime_error("broken");
      co_return absl::OkStatus();
    };
    co_return response;
  });
  const http::Response response = Send(Traced("/streams"));
  testing::internal::CaptureStderr();
  NoWriter writer;
  EXPECT_FALSE(RunBlocking<absl::Status>(loops_.Next(), [&] { return response.stream(writer); }).ok());
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              testing::ContainsRegex("\"event\":\"stream_threw\".*\"trace_id\":\"0af7651916cd43dd"));
}

TEST_F(DispatcherTest, AnErrorIsAProblemAndKeepsTheRateLimits) {
  const http::Response response = Send("GET", "/fails");
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(Header(response, "Content-Type"), "application/problem+json");
  EXPECT_EQ(Header(response, "Retry-After"), "60");
  EXPECT_EQ(Header(response, "RateLimit"), "\"sync\";r=0;t=60");
  EXPECT_EQ(Header(response, "RateLimit-Policy"), "\"sync\";q=10;w=600");
  EXPECT_EQ(Header(response, "grpc-internal"), "<none>");
}

TEST_F(DispatcherTest, AnUnknownPathIsAProblemOf404) {
  const http::Response response = Send("GET", "/nowhere");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr(R"("code":"not_found")"));
  EXPECT_EQ(Header(response, "Allow"), "<none>");
}

TEST_F(DispatcherTest, AnotherMethodIsAProblemOf405WithAllow) {
  for (const char* method : {"GET", "DELETE", "PUT", "TRACE", "nonsense"}) {
    const http::Response response = Send(method, "/echo/x");
    EXPECT_EQ(response.status, 405) << method;
    EXPECT_EQ(Header(response, "Allow"), "POST, OPTIONS");
    EXPECT_THAT(response.body, HasSubstr(R"("code":"method_not_allowed")"));
  }
}

TEST_F(DispatcherTest, OptionsTellsWhatIsAllowed) {
  const http::Response response = Send("OPTIONS", "/fails");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(Header(response, "Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(Send("OPTIONS", "/nowhere").status, 404);
}

TEST_F(DispatcherTest, OptionsOfTheServerAsAWholeTellsItsMethods) {
  const http::Response response = Send("OPTIONS", "*");
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(Header(response, "Allow"), "GET, HEAD, POST, DELETE, OPTIONS");
}

TEST_F(DispatcherTest, AnswersAreNeitherKeptNorGuessedAtNorEmbedded) {
  for (const http::Response& response : {Send("POST", "/echo/x"), Send("GET", "/fails"),
                                         Send("GET", "/nowhere"), dispatcher().HandleError(400, "x")}) {
    EXPECT_EQ(Header(response, "Cache-Control"), "no-store");
    EXPECT_EQ(Header(response, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(Header(response, "Cross-Origin-Resource-Policy"), "same-origin");
    EXPECT_EQ(Header(response, "Content-Security-Policy"), "default-src 'none'; frame-ancestors 'none'");
  }
}

TEST_F(DispatcherTest, CountsAndMeasuresPerRoute) {
  Send("GET", "/fails");
  Send("GET", "/fails");
  Send("GET", "/made-up-by-a-client");
  const std::string text = registry_.Text();
  EXPECT_THAT(text, HasSubstr(R"(tidemark_http_requests_total{route="/fails",status="429"} 2)"));
  EXPECT_THAT(text, HasSubstr(R"(tidemark_http_requests_total{route="none",status="404"} 1)"));
  EXPECT_THAT(text, HasSubstr(R"(tidemark_http_request_seconds_count{route="/fails"} 2)"));
  EXPECT_THAT(text, Not(HasSubstr("made-up-by-a-client")));
}

TEST_F(DispatcherTest, CountsTheBytesOfEachRoute) {
  http::Request request;
  request.method = "POST";
  request.path = "/echo/x";
  request.wire_bytes = 120;
  const http::Response response = Send(std::move(request));
  response.on_sent(70);
  response.on_sent(5);
  const std::string text = registry_.Text();
  EXPECT_THAT(text, HasSubstr(R"(tidemark_http_received_bytes_total{route="/echo/{name}"} 120)"));
  EXPECT_THAT(text, HasSubstr(R"(tidemark_http_sent_bytes_total{route="/echo/{name}"} 75)"));
}

TEST_F(DispatcherTest, CountsWhatNeverBecameARequestUnderNoRoute) {
  dispatcher().HandleError(431, "Headers are at most 16 KiB.");
  EXPECT_THAT(registry_.Text(), HasSubstr(R"(tidemark_http_requests_total{route="none",status="431"} 1)"));
}

TEST_F(DispatcherTest, WhatNeverBecameARequestIsAProblemWithAnId) {
  const http::Response response = dispatcher().HandleError(431, "Headers are at most 16 KiB.");
  EXPECT_EQ(response.status, 431);
  EXPECT_THAT(response.body, HasSubstr(R"("code":"headers_too_large")"));
  EXPECT_NE(Header(response, "X-Request-Id"), "");
}

}  // namespace
}  // namespace tidemark::gateway
