// tidemark_http_requests_total{route,status} and tidemark_http_request_seconds{route}.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
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

 private:
  static constexpr int kStatusMin = 100;
  static constexpr int kStatusMax = 599;

  struct PerRoute {
    metrics::Histogram* seconds;
    // Filled at a status' first answer, so that later ones need no look-up in the registry.
    std::array<std::atomic<metrics::Counter*>, kStatusMax - kStatusMin + 1> requests{};
  };

  metrics::Registry& registry_;
  std::map<std::string, PerRoute, std::less<>> routes_;
};

}  // namespace tidemark::gateway
