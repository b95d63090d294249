#include "common/rpc/call_observer.h"

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "common/rpc/call_log.h"
#include "common/rpc/origin_of_call.h"

namespace tidemark::rpc {
namespace {

constexpr std::array<std::string_view, 3> kUnobserved = {"/grpc.health.", "/grpc.reflection.",
                                                         "/tidemark.v1.CarrierService/"};
constexpr std::string_view kUnlogged = "/tidemark.v1.StatusService/";

bool IsObserved(const std::string& path) {
  return std::none_of(kUnobserved.begin(), kUnobserved.end(),
                      [&path](std::string_view prefix) { return path.starts_with(prefix); });
}

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
  // Null: the call gets its origin, and is not noted.
  CallObserver(std::string method, CallLog* log)
      : method_(std::move(method)), log_(log), started_(std::chrono::steady_clock::now()) {}

  void Intercept(grpc::experimental::InterceptorBatchMethods* batch) override {
    using grpc::experimental::InterceptionHookPoints;
    if (batch->QueryInterceptionHookPoint(InterceptionHookPoints::POST_RECV_INITIAL_METADATA)) {
      origin_.Settle(*batch->GetRecvInitialMetadata());
    }
    if (log_ != nullptr && batch->QueryInterceptionHookPoint(InterceptionHookPoints::PRE_SEND_STATUS)) {
      log_->Note(method_, batch->GetSendStatus().error_code(), origin_.origin(),
                 absl::FromChrono(std::chrono::steady_clock::now() - started_));
    }
    batch->Proceed();
  }

 private:
  const std::string method_;
  CallLog* const log_;
  SettledOrigin origin_;
  const std::chrono::steady_clock::time_point started_;
};

class CallObserverFactory final : public grpc::experimental::ServerInterceptorFactoryInterface {
 public:
  explicit CallObserverFactory(metrics::Registry& registry) : log_(registry) {}

  // gRPC owns the result.
  grpc::experimental::Interceptor* CreateServerInterceptor(grpc::experimental::ServerRpcInfo* info) override {
    const std::string path = info->method();
    if (!IsObserved(path)) return nullptr;
    return new CallObserver(MethodName(path), path.starts_with(kUnlogged) ? nullptr : &log_);
  }

 private:
  CallLog log_;
};

}  // namespace

std::unique_ptr<grpc::experimental::ServerInterceptorFactoryInterface> NewCallObserver(
    metrics::Registry& registry) {
  return std::make_unique<CallObserverFactory>(registry);
}

}  // namespace tidemark::rpc
