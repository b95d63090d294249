#include "gateway/http/request_metrics.h"

namespace tidemark::gateway {

RequestMetrics::RequestMetrics(metrics::Registry& registry, const std::vector<std::string>& labels)
    : registry_(registry) {
  for (const std::string& label : labels) {
    routes_[label].seconds = &registry.AddHistogram(
        "tidemark_http_request_seconds", "From a request's last byte to its answer, per route.",
        {{"route", label}}, {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10});
  }
}

void RequestMetrics::Observe(std::string_view label, int status, std::chrono::duration<double> took) {
  const auto route = routes_.find(label);
  if (route == routes_.end() || status < kStatusMin || status > kStatusMax) return;
  route->second.seconds->Observe(took.count());
  std::atomic<metrics::Counter*>& requests = route->second.requests[status - kStatusMin];
  metrics::Counter* counter = requests.load();
  if (counter == nullptr) {
    counter =
        &registry_.AddCounter("tidemark_http_requests_total", "Requests answered, per route and status.",
                              {{"route", route->first}, {"status", std::to_string(status)}});
    requests.store(counter);
  }
  counter->Increment();
}

}  // namespace tidemark::gateway
