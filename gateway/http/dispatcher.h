// The gateway's front door: names each request, finds its route, and turns errors into problem+json. Writes
// one log line per request: its origin, method, route, status, duration; never a path, a query or a body.
//
//   Dispatcher dispatcher(router, registry, options);
//   http::Server server(loops, {.address = …, .on_error = …}, [&](http::Request request) {
//     return dispatcher.Handle(std::move(request));
//   });
#pragma once

#include <chrono>
#include <functional>
#include <string_view>
#include <vector>

#include "common/http/server.h"
#include "common/metrics/metrics.h"
#include "common/net/ip.h"
#include "gateway/http/cors.h"
#include "gateway/http/request_metrics.h"
#include "gateway/http/router.h"

namespace tidemark::gateway {

struct DispatcherOptions {
  // A call to a service may take this long.
  absl::Duration call_timeout = absl::Seconds(10);
  // Whose X-Forwarded-For is believed (client_address.h).
  std::vector<IpNetwork> trusted_proxies = {};
  // Whose pages may call this API from a browser.
  CorsPolicy cors = {};
  // Told of each request that was answered: its route's label, the status and the time it took. From any
  // loop.
  std::function<void(std::string_view route, int status, std::chrono::duration<double> took)> on_answered =
      nullptr;
};

// Thread-safe. `router` is complete.
class Dispatcher {
 public:
  Dispatcher(const Router& router, metrics::Registry& registry, DispatcherOptions options);

  Task<http::Response> Handle(http::Request request);

  // What http::ServerOptions::on_error wants.
  http::Response HandleError(int http_status, std::string_view detail);

 private:
  Exchange MakeExchange(http::Request request) const;
  Task<absl::StatusOr<http::Response>> Answer(const Router::Match& match, Exchange& exchange) const;
  void Record(const Exchange& exchange, const std::string& label, int status,
              std::chrono::steady_clock::time_point began);

  const Router& router_;
  const DispatcherOptions options_;
  RequestMetrics metrics_;
};

}  // namespace tidemark::gateway
