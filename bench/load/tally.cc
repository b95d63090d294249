#include "bench/load/tally.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace tidemark::bench {
namespace {

constexpr int kComplaintsMax = 3;

std::string Micros(std::chrono::nanoseconds latency) {
  return absl::StrFormat("%.1f", std::chrono::duration<double, std::micro>(latency).count());
}

std::string LatenciesJson(const Latencies& latencies) {
  return absl::StrCat(
      "{\"p50\":", Micros(latencies.Quantile(0.5)), ",\"p90\":", Micros(latencies.Quantile(0.9)),
      ",\"p99\":", Micros(latencies.Quantile(0.99)), ",\"p999\":", Micros(latencies.Quantile(0.999)),
      ",\"max\":", Micros(latencies.max()), "}");
}

std::string Ratio(double value, double by) { return absl::StrFormat("%.2f", by == 0 ? 0 : value / by); }

}  // namespace

void Tally::Add(const Tally& other) {
  latencies.Add(other.latencies);
  bytes_sent += other.bytes_sent;
  bytes_received += other.bytes_received;
  tasks += other.tasks;
  body_bytes += other.body_bytes;
  errors += other.errors;
  warmup_requests += other.warmup_requests;
  began = std::min(began, other.began);
  ended = std::max(ended, other.ended);
}

std::string ToJson(const RunName& name, const Tally& tally) {
  const int64_t requests = tally.latencies.count();
  const auto each = static_cast<double>(requests);
  const double seconds = std::max(0.0, std::chrono::duration<double>(tally.ended - tally.began).count());
  return absl::StrCat(
      "{\"work\":\"", name.work, "\",\"transport\":\"", name.transport, "\",\"loop\":\"",
      name.is_open_loop ? "open" : "closed", "\",\"connections\":", name.connections,
      ",\"requests\":", requests, ",\"errors\":", tally.errors,
      ",\"warmup_requests\":", tally.warmup_requests, ",\"seconds\":", absl::StrFormat("%.6f", seconds),
      ",\"requests_per_second\":", Ratio(each, seconds), ",\"latency_us\":", LatenciesJson(tally.latencies),
      ",\"bytes_sent_per_request\":", Ratio(static_cast<double>(tally.bytes_sent), each),
      ",\"bytes_received_per_request\":", Ratio(static_cast<double>(tally.bytes_received), each),
      ",\"tasks\":", tally.tasks, ",\"body_bytes\":", tally.body_bytes, "}");
}

void Complaints::Say(const std::string& error) {
  if (said_.fetch_add(1) < kComplaintsMax) std::fprintf(stderr, "tidemark-load: %s\n", error.c_str());
}

}  // namespace tidemark::bench
