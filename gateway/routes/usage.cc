#include "gateway/routes/usage.h"

#include "gateway/http/guards.h"
#include "gateway/http/json_response.h"

namespace tidemark::gateway {
namespace {

Task<absl::StatusOr<http::Response>> GetUsage(SyncBackend& sync, HttpLimits limits, Exchange& exchange) {
  absl::StatusOr<v1::GetUsageResponse> answer = co_await sync.GetUsage(exchange.call);
  if (!answer.ok()) co_return answer.status();
  http::Response response = JsonResponse(200, EncodeUsage(*answer, limits));
  response.headers.Set("Cache-Control", "no-store");
  co_return response;
}

}  // namespace

void AddUsageRoutes(Router& router, SyncBackend& sync, HttpLimits limits) {
  router.Add("GET", "/usage",
             NeedsToken([&sync, limits](Exchange& exchange) { return GetUsage(sync, limits, exchange); }));
}

}  // namespace tidemark::gateway
