#include "common/rpc/call_observer.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/log/log.h"
#include "common/rpc/context.h"

namespace tidemark::rpc {
namespace {

const std::vector<double> kBuckets = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                      0.1,    0.25,  0.5,    1,     2.5,  5,     10};

std::string CodeName(const grpc::Status& status) {
  if (status.ok()) return "OK";
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(status.error_code()));
}

// Thread-safe. Finding a metric in the registry costs more than counting, so what was found is kept.
class CallMetrics {
 public:
  explicit CallMetrics(metrics::Registry& registry) : registry_(registry) {}

  void Record(const std::string& method, const std::string& code, absl::Duration duration) {
    std::lock_guard lock(mutex_);
    Method& metrics = methods_[method];
    metrics::Counter*& total = metrics.totals[code];
    if (total == nullptr) {
      total = &registry_.AddCounter("tidemark_rpc_total", "Calls answered.",
                                    {{"method", method}, {"code", code}});
    }
    if (metrics.seconds == nullptr) {
      metrics.seconds = &registry_.AddHistogram("tidemark_rpc_seconds", "Time to answer a call, in seconds.",
                                                {{"method", method}}, kBuckets);
    }
    total->Increment();
    metrics.seconds->Observe(absl::ToDoubleSeconds(duration));
  }

 private:
  struct Method {
    std::map<std::string, metrics::Counter*> totals;
    metrics::Histogram* seconds = nullptr;
  };

  metrics::Registry& registry_;
  std::mutex mutex_;
  // As many as our protos have, and one for all others.
  std::map<std::string, Method> methods_;
};

// `path` is "/package.Service/Method", as the caller wrote it. A name that our protos do not have is not
// kept: anybody could make up as many as they like.
std::string MethodName(const std::string& path) {
  std::string name = path.starts_with('/') ? path.substr(1) : path;
  std::replace(name.begin(), name.end(), '/', '.');
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  return pool->FindMethodByName(name) == nullptr ? "unknown" : path;
}

class CallObserver final : public grpc::experimental::Interceptor {
 public:
  CallObserver(std::string method, CallMetrics& metrics)
      : method_(std::move(method)), metrics_(metrics), started_(std::chrono::steady_clock::now()) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* batch) override {
    using grpc::experimental::InterceptionHookPoints;
    if (batch->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      const auto& trailers = *batch->GetSendTrailingMetadata();
      const auto request_id = trailers.find(std::string(kRequestId));
      Observe(CodeName(batch->GetSendStatus()), request_id == trailers.end() ? "" : request_id->second);
    }
    batch->Proceed();
  }

 private:
  void Observe(const std::string& code, const std::string& request_id) {
    const absl::Duration duration = absl::FromChrono(std::chrono::steady_clock::now() - started_);
    metrics_.Record(method_, code, duration);
    log::Info("call", {{"method", method_},
                       {"request_id", request_id},
                       {"code", code},
                       {"duration_ms", absl::ToDoubleMilliseconds(duration)}});
  }

  const std::string method_;
  CallMetrics& metrics_;
  const std::chrono::steady_clock::time_point started_;
};

class CallObserverFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallObserverFactory(metrics::Registry& registry) : metrics_(registry) {}

  // gRPC owns the result.
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    const std::string path = info->method();
    if (path.starts_with("/grpc.health.") || path.starts_with("/grpc.reflection.")) return nullptr;
    return new CallObserver(MethodName(path), metrics_);
  }

 private:
  CallMetrics metrics_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewCallObserver(
    metrics::Registry& registry) {
  return std::make_unique<CallObserverFactory>(registry);
}

}  // namespace tidemark::rpc
