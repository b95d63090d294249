// tidemark_http_requests_total{route,status}, tidemark_http_request_seconds{route},
// tidemark_http_received_bytes_total{route} and tidemark_http_sent_bytes_total{route}.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/metrics/metrics.h"

namespace tidemark::gateway {

// Thread-safe.
class RequestMetrics {
 public:
  // Observe takes one of `labels` alone.
  RequestMetrics(metrics::Registry& registry, const std::vector<std::string>& labels);

  void Observe(std::string_view label, int status, std::chrono::duration<double> took);
  // What never became a request, so took no time: counted alone.
  void Count(std::string_view label, int status);
  // Counts what a request took on the wire, and returns what counts its answer.
  std::function<void(size_t bytes)> CountBytes(std::string_view label, size_t received);

 private:
  static constexpr int kStatusMin = 100;
  static constexpr int kStatusMax = 599;

  struct PerRoute {
    metrics::Histogram* seconds;
    metrics::Counter* received;
    metrics::Counter* sent;
    // Filled at a status' first answer, so that later ones need no look-up in the registry.
    std::array<std::atomic<metrics::Counter*>, kStatusMax - kStatusMin + 1> requests{};
  };

  // Null: it is none of the labels.
  PerRoute* Find(std::string_view label);

  metrics::Registry& registry_;
  std::map<std::string, PerRoute, std::less<>> routes_;
};

}  // namespace tidemark::gateway
