// One log line and two metrics per call, however it came.
#pragma once

#include <grpcpp/support/status.h>

#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "common/metrics/metrics.h"
#include "common/mutex/mutex.h"
#include "common/origin/origin.h"

namespace tidemark::rpc {

// Counts tidemark_rpc_total{method,code}, measures tidemark_rpc_seconds{method}, and writes an info line
// `call` with its origin, method, code and duration. Thread-safe.
class CallLog {
 public:
  // `registry` outlives this. Two of the same registry count together.
  explicit CallLog(metrics::Registry& registry) : registry_(registry) {}

  // `method`: "/package.Service/Method"; one of a bounded number.
  void Note(const std::string& method, grpc::StatusCode code, const Origin& origin, absl::Duration duration);

 private:
  // Finding a metric in the registry costs more than counting, so what was found is kept.
  struct Method {
    std::map<int, metrics::Counter*> totals;
    metrics::Histogram* seconds = nullptr;
  };

  void Count(const std::string& method, grpc::StatusCode code, absl::Duration duration);

  metrics::Registry& registry_;
  Mutex mutex_;
  std::map<std::string, Method> methods_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace tidemark::rpc
