#include "common/rpc/call_log.h"

#include <vector>

#include "absl/status/status.h"
#include "common/log/log.h"

namespace tidemark::rpc {
namespace {

const std::vector<double> kBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                      0.1,    0.25,  0.5,    1,     2.5,  5,     10};

std::string CodeName(grpc::StatusCode code) {
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

}  // namespace

void CallLog::Note(const std::string& method, grpc::StatusCode code, const Origin& origin,
                   absl::Duration duration) {
  Count(method, code, duration);
  log::Info(
      "call",
      {{"method", method}, {"code", CodeName(code)}, {"duration_ms", absl::ToDoubleMilliseconds(duration)}},
      origin);
}

void CallLog::Count(const std::string& method, grpc::StatusCode code, absl::Duration duration) {
  MutexLock lock(&mutex_);
  Method& metrics = methods_[method];
  metrics::Counter*& total = metrics.totals[code];
  if (total == nullptr) {
    total = &registry_.AddCounter("tidemark_rpc_total", "Calls answered.",
                                  {{"method", method}, {"code", CodeName(code)}});
  }
  if (metrics.seconds == nullptr) {
    metrics.seconds = &registry_.AddHistogram("tidemark_rpc_seconds", "Time to answer a call, in seconds.",
                                              {{"method", method}}, kBuckets);
  }
  total->Increment();
  metrics.seconds->Observe(absl::ToDoubleSeconds(duration));
}

}  // namespace tidemark::rpc
