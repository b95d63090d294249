#include "gateway/http/request_metrics.h"

namespace tidemark::gateway {

RequestMetrics::RequestMetrics(metrics::Registry& registry, const std::vector<std::string>& labels)
    : registry_(registry) {
  for (const std::string& label : labels) {
    PerRoute& route = routes_[label];
    route.seconds = &registry.AddHistogram(
        "tidemark_http_request_seconds", "From a request's last byte to its answer, per route.",
        {{"route", label}}, {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10});
    route.received =
        &registry.AddCounter("tidemark_http_received_bytes_total",
                             "Bytes of requests, headers and bodies, per route.", {{"route", label}});
    route.sent = &registry.AddCounter("tidemark_http_sent_bytes_total",
                                      "Bytes of answers, headers and bodies, per route.", {{"route", label}});
  }
}

RequestMetrics::PerRoute* RequestMetrics::Find(std::string_view label) {
  const auto route = routes_.find(label);
  return route == routes_.end() ? nullptr : &route->second;
}

void RequestMetrics::Observe(std::string_view label, int status, std::chrono::duration<double> took) {
  if (PerRoute* route = Find(label)) route->seconds->Observe(took.count());
  Count(label, status);
}

void RequestMetrics::Count(std::string_view label, int status) {
  PerRoute* route = Find(label);
  if (route == nullptr || status < kStatusMin || status > kStatusMax) return;
  std::atomic<metrics::Counter*>& requests = route->requests[status - kStatusMin];
  metrics::Counter* counter = requests.load();
  if (counter == nullptr) {
    counter =
        &registry_.AddCounter("tidemark_http_requests_total", "Requests answered, per route and status.",
                              {{"route", std::string(label)}, {"status", std::to_string(status)}});
    requests.store(counter);
  }
  counter->Increment();
}

std::function<void(size_t)> RequestMetrics::CountBytes(std::string_view label, size_t received) {
  PerRoute* route = Find(label);
  if (route == nullptr) return nullptr;
  route->received->Increment(static_cast<double>(received));
  return [sent = route->sent](size_t bytes) { sent->Increment(static_cast<double>(bytes)); };
}

}  // namespace tidemark::gateway
