#include "gateway/http/dispatcher.h"

#include <exception>
#include <string>
#include <utility>

#include "common/log/log.h"
#include "common/net/client_address.h"
#include "common/status/error.h"
#include "gateway/http/content_coding.h"
#include "gateway/http/security_headers.h"
#include "gateway/json/problem.h"

namespace tidemark::gateway {
namespace {

// The label of what no route answers.
constexpr std::string_view kNoRoute = "none";
// What some route answers to.
constexpr std::string_view kServerMethods = "GET, HEAD, POST, DELETE, OPTIONS";

std::vector<std::string> WithNoRoute(std::vector<std::string> labels) {
  labels.emplace_back(kNoRoute);
  return labels;
}

http::Response AllowOnly(std::string_view methods) {
  http::Response response{.status = 204};
  response.headers.Set("Allow", methods);
  return response;
}

absl::StatusOr<http::Response> AnswerWithoutRoute(const Router::Match& match, const Exchange& exchange) {
  if (exchange.request.path == "*") return AllowOnly(kServerMethods);
  if (match.allow.empty()) return Error(Code::kNotFound, "Nothing is served at this path.");
  if (exchange.request.method == "OPTIONS") return AllowOnly(match.allow);
  return Error(Code::kMethodNotAllowed, "This path answers to " + match.allow + ".");
}

void LogIfOurFault(const absl::Status& status, const Exchange& exchange) {
  if (ErrorInfoOf(status).code != Code::kInternal) return;
  log::Error("request_failed", {{"status", status.ToString()}}, exchange.call.origin);
}

// What a stream throws is our fault as well, and is told while it is known whose request it was.
http::BodyStream Guarded(http::BodyStream stream, const Origin& origin) {
  return [stream = std::move(stream), origin](http::BodyWriter& writer) -> Task<absl::Status> {
    try {
      co_return co_await stream(writer);
    } catch (const std::exception& error) {
      log::Error("stream_threw", {{"what", error.what()}}, origin);
    }
    co_return absl::InternalError("the stream threw");
  };
}

http::Response Finish(absl::StatusOr<http::Response> answer, const Exchange& exchange) {
  if (!answer.ok()) {
    LogIfOurFault(answer.status(), exchange);
    return ProblemResponse(answer.status(), exchange.call.origin.request_id);
  }
  answer->headers.Set("X-Request-Id", exchange.call.origin.request_id);
  if (answer->stream != nullptr) {
    answer->stream = Guarded(std::move(answer->stream), exchange.call.origin);
  }
  return *std::move(answer);
}

// HTTP spells RateLimit what metadata spells ratelimit.
void CopyRateLimits(const rpc::ClientCall& call, http::Headers& headers) {
  constexpr std::pair<std::string_view, std::string_view> kCopied[] = {
      {rpc::kRateLimit, "RateLimit"}, {rpc::kRateLimitPolicy, "RateLimit-Policy"}};
  for (const auto& [trailer, header] : kCopied) {
    const auto found = call.trailers.find(std::string(trailer));
    if (found != call.trailers.end()) headers.Set(header, found->second);
  }
}

}  // namespace

Dispatcher::Dispatcher(const Router& router, metrics::Registry& registry, DispatcherOptions options)
    : router_(router), options_(std::move(options)), metrics_(registry, WithNoRoute(router.Labels())) {}

Task<http::Response> Dispatcher::Handle(http::Request request) {
  const auto began = std::chrono::steady_clock::now();
  Exchange exchange = MakeExchange(std::move(request));
  Router::Match match = router_.Find(exchange.request.method, exchange.request.path);
  exchange.path_values = std::move(match.path_values);

  absl::StatusOr<http::Response> answer = co_await Answer(match, exchange);
  http::Response response = Finish(std::move(answer), exchange);
  if (response.status == 405) response.headers.Set("Allow", match.allow);
  CopyRateLimits(exchange.call, response.headers);
  options_.cors.Apply(exchange.request, response);
  AddSecurityHeaders(response);
  if (TakesGzip(exchange.request.headers, response)) response = co_await Gzipped(std::move(response));

  const std::string label = match.route == nullptr ? std::string(kNoRoute) : match.route->label;
  response.on_sent = metrics_.CountBytes(label, exchange.request.wire_bytes);
  Record(exchange, label, response.status, began);
  co_return response;
}

http::Response Dispatcher::HandleError(int http_status, std::string_view detail) {
  const Origin origin = OriginOf("", "");
  log::Info("request_refused", {{"status", http_status}, {"detail", detail}}, origin);
  metrics_.Count(kNoRoute, http_status);
  http::Response response = ProblemForHttpStatus(http_status, detail, origin.request_id);
  AddSecurityHeaders(response);
  return response;
}

Exchange Dispatcher::MakeExchange(http::Request request) const {
  Exchange exchange;
  // Two of them would be no valid one, and are not when joined.
  const std::string traceparent = request.headers.GetJoined("traceparent").value_or("");
  exchange.call.origin = OriginOf(request.headers.Get("X-Request-Id").value_or(""), traceparent);
  exchange.call.forwarded_for =
      ClientAddress(request.peer, request.headers.GetJoined("X-Forwarded-For"), options_.trusted_proxies);
  exchange.call.timeout = options_.call_timeout;
  exchange.request = std::move(request);
  return exchange;
}

Task<absl::StatusOr<http::Response>> Dispatcher::Answer(const Router::Match& match,
                                                        Exchange& exchange) const {
  if (match.route == nullptr) co_return AnswerWithoutRoute(match, exchange);
  try {
    co_return co_await match.route->handler(exchange);
  } catch (const std::exception& error) {
    co_return absl::InternalError(std::string("the handler threw: ") + error.what());
  }
}

void Dispatcher::Record(const Exchange& exchange, const std::string& label, int status,
                        std::chrono::steady_clock::time_point began) {
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  metrics_.Observe(label, status, took);
  if (options_.on_answered) options_.on_answered(label, status, took);
  log::Info("request",
            {{"method", exchange.request.method},
             {"route", label},
             {"status", status},
             {"duration_ms", took.count() * 1000}},
            exchange.call.origin);
}

}  // namespace tidemark::gateway
